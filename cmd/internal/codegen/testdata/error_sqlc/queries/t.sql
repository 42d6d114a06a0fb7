-- name: UpdateFrom :exec
UPDATE t SET
  name = 'x'
FROM u WHERE u.t_id = t.id;

-- name: Fine :many
SELECT id FROM t;

-- name: Distinct :many
SELECT id FROM t WHERE name IS DISTINCT FROM @name;
