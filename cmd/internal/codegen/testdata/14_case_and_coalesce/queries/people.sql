-- name: Names :many
SELECT coalesce(nick, name) AS called, ifnull(age, 0) AS age, nullif(name, 'Bob') AS not_bob, iif(age > 18, 'adult', 'unknown') AS status
FROM people ORDER BY id;

-- name: Cases :many
SELECT
    CASE WHEN age IS NULL THEN 'no age' ELSE 'age' END AS label,
    CASE WHEN age > 18 THEN name END AS adult,
    CASE id WHEN 1 THEN 1 ELSE 0.5 END AS mixed
FROM people ORDER BY id;

-- name: Maybe :many
-- A parameter that may be NULL leaves the result nullable.
SELECT coalesce(sqlc.narg(nick), nick) AS nick FROM people ORDER BY id;

-- name: Patch :one
UPDATE people SET nick = coalesce(sqlc.narg(nick), nick), age = CASE WHEN CAST(@set_age AS BOOLEAN) THEN sqlc.narg(age) ELSE age END
WHERE id = @id RETURNING *;

-- name: Greatest :one
SELECT max(1, 2) AS most, min(id, coalesce(age, 99)) AS least FROM people WHERE id = 1;
