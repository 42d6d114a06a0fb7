-- name: BatchExec :batchexec
DELETE FROM t WHERE id = @id;

-- name: BatchMany :batchmany
SELECT * FROM t WHERE id = @id;

-- name: BatchOne :batchone
SELECT * FROM t WHERE id = @id;

-- name: All :all
SELECT * FROM t;

-- name: OneOfNothing :one
DELETE FROM t WHERE id = 1;

-- name: ManyOfNothing :many
INSERT INTO t (name) VALUES ('x');

-- name: CopyNothing :copyfrom
INSERT INTO t (name) VALUES ('x');

-- name: CopyRead :copyfrom
SELECT id FROM t WHERE id = @id;

-- name: CopyBack :copyfrom
INSERT INTO t (name) VALUES (@name) RETURNING id;
