-- name: Both :many
-- Two columns of one name are numbered.
SELECT a.id, b.id, a.name, b.name FROM a JOIN b ON b.a_id = a.id;

-- name: BothStars :many
SELECT a.*, b.* FROM a JOIN b ON b.a_id = a.id;

-- name: Unnamed :one
-- What has no name is called by its function, or by its place.
SELECT id + 1, upper(name), count(*) FROM a;

-- name: Named :one
SELECT id + 1 AS next, upper(name) loud, "name" AS "the name", [id] AS `the-id` FROM a;

-- name: OneUnnamed :one
SELECT count(*) FROM a;
