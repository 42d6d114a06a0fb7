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

-- name: RedactAliases :execrows
-- @scan ok
-- RedactAliases takes out of the entries about others the values of aliases that a tenant has
-- had, as the entries about it say, and that nobody has.
UPDATE silo_audit
SET detail = json_set(json_remove(detail, '$.value'), '$.erased', json('true'))
WHERE operation IN ('add alias', 'move alias', 'remove alias')
    AND tenant_id <> @tenant_id
    AND (detail ->> 'kind', detail ->> 'value') IN (
        SELECT had.detail ->> 'kind', had.detail ->> 'value'
        FROM silo_audit AS had
        WHERE had.tenant_id = @tenant_id AND had.operation IN ('add alias', 'move alias', 'remove alias')
        EXCEPT
        SELECT kind, value FROM silo_aliases
    );
