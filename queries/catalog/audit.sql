-- name: InsertEntry :exec
-- InsertEntry records what was done.
INSERT INTO silo_audit (actor, operation, tenant_id, result, detail)
VALUES (@actor, @operation, @tenant_id, @result, @detail);

-- name: ListEntries :many
-- ListEntries returns the entries before one, newest first.
SELECT * FROM silo_audit WHERE id < @before ORDER BY id DESC LIMIT @max_rows;

-- name: ListEntriesOfTenant :many
-- ListEntriesOfTenant returns those about one tenant.
SELECT * FROM silo_audit WHERE tenant_id = @tenant_id AND id < @before ORDER BY id DESC LIMIT @max_rows;

-- name: RedactEntries :execrows
-- RedactEntries takes who and what out of the entries about a tenant that is not known any
-- more, but for those that say that it was erased.
UPDATE silo_audit
SET actor = 'erased', detail = '{"erased":true}'
WHERE tenant_id = @tenant_id AND NOT (operation = 'erase' AND result = 'ok');
