-- name: A :one
SELECT id,
       nowhere
FROM t;

-- name: B :one
SELECT uuid() FROM t;

-- name: C :exec
INSERT INTO missing (id) VALUES (1);

-- name: D :one
SELECT id FROM t WHERE;

-- name: E :one
SELECT "name in double quotes" FROM t;

-- name: F :many
SELECT id FROM t
UNION
SELECT id, name FROM t;

-- name: G :exec
INSERT INTO t (id, name) VALUES (1);

-- name: H :exec
DELETE FROM sqlite_master;
