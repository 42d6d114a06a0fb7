-- name: InsertAuditEntry :exec
-- InsertAuditEntry records that something happened now. detail, where given, is JSON.
INSERT INTO audit_log (actor, event, subject_kind, subject_id, detail)
VALUES (@actor, @event, @subject_kind, @subject_id, @detail);

-- name: ListAuditLog :many
-- ListAuditLog returns the latest entries, newest first, at most max_rows of them.
-- The service shows 100.
SELECT *
FROM audit_log
ORDER BY id DESC
LIMIT @max_rows;

-- name: ListAuditLogOfSubject :many
-- ListAuditLogOfSubject returns the latest entries about one subject, newest first, at
-- most max_rows of them.
SELECT *
FROM audit_log
WHERE subject_kind = @subject_kind AND subject_id = @subject_id
ORDER BY id DESC
LIMIT @max_rows;

-- name: CountAuditLog :one
-- CountAuditLog returns the number of entries.
-- @scan ok
SELECT count(*)
FROM audit_log;

-- name: DeleteAuditLogBefore :execrows
-- DeleteAuditLogBefore deletes the entries written before the given time whose id is at
-- most through_id, and returns how many. Raising through_id step by step keeps each
-- step, and the time it holds the writer, short.
DELETE FROM audit_log
WHERE id <= @through_id AND created_at < @created_before;
