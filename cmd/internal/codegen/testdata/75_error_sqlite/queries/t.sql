-- name: A :one
SELECT id,
       nam
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

-- name: I :one
SELECT id FROM t WHERE count(*) > 1;

-- name: J :one
SELECT lower(name, 'x') FROM t;

-- name: K :exec
INSERT INTO v (id) VALUES (1);

-- name: L :exec
UPDATE t SET half = 1;

-- name: M :one
SELEC id FROM t;

-- name: N :one
SELECT name FROM t AS a, t AS b;

-- name: O :one
SELECT SUM(größe) FROM t;

-- name: P :exec
INSERT INTO t (id, name) VALUES (1, 'x') ON CONFLICT (name) DO NOTHING;

-- name: Q :one
SELECT regexp('a', name) FROM t;

-- name: Staged :many
SELECT id FROM staged;

-- name: Latest :many
SELECT id FROM temp.latest;
