-- name: A :execresult
DELETE FROM t;

-- name: B :execlastid
INSERT INTO t (name) VALUES (@name);

-- name: C :copyfrom
INSERT INTO t (name) VALUES (@name);

-- name: D :batchexec
DELETE FROM t WHERE id = @id;

-- name: E :batchmany
SELECT * FROM u WHERE id = @id;

-- name: F :batchone
SELECT * FROM u WHERE id = @id;

-- name: G :all
SELECT * FROM u;

-- name: H :one
DELETE FROM t;

-- name: I :many
INSERT INTO t (name) VALUES ('x');

-- name: J :exec
SELECT id FROM t;

-- name: K :execrows
SELECT id FROM t;
