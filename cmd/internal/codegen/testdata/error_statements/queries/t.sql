-- name: A :exec
ATTACH 'x.db' AS x;

-- name: B :exec
DETACH x;

-- name: C :one
PRAGMA user_version;

-- name: D :exec
VACUUM;

-- name: E :exec
BEGIN;

-- name: F :exec
CREATE TABLE x (id INTEGER);

-- name: G :many
EXPLAIN SELECT id FROM t;

-- name: I :exec
VACUUM INTO 'x.db';
