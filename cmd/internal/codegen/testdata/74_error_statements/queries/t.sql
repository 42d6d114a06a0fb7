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

-- name: H :exec
VACUUM INTO 'x.db';

-- name: I :exec
SAVEPOINT x;

-- name: J :exec
ROLLBACK;

-- name: K :exec
ALTER TABLE t ADD COLUMN x;

-- name: L :exec
DROP TABLE t;

-- name: M :exec
ANALYZE;

-- name: N :exec
REINDEX;

-- name: O :exec
COMMIT;

-- name: P :exec
RELEASE x;

-- name: Q :exec
END;

-- name: R :exec
GRANT ALL ON t TO me;

-- name: S :many
SELECT * FROM pragma_table_info('t');

-- name: T :one
SELECT load_extension('x');

-- name: U :exec
DELETE FROM goose_db_version;

-- name: V :exec
UPDATE silo_file SET schema = 'x';
