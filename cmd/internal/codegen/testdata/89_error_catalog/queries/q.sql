-- name: Suspend :exec
UPDATE silo_tenants SET state = 'suspended' WHERE id = @id;

-- name: Forge :exec
INSERT INTO silo_audit (actor, operation, tenant_id, result) VALUES (@actor, 'x', '', '');

-- name: Undo :exec
DELETE FROM silo_goose_db_version;
