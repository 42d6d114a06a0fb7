-- name: InsertAPIKey :exec
-- InsertAPIKey makes a key known.
INSERT INTO silo_api_keys (id, tenant_id, hash, label, created_at, expires_at)
VALUES (@id, @tenant_id, @hash, @label, @created_at, @expires_at);

-- name: GetAPIKey :one
-- GetAPIKey returns a key.
SELECT * FROM silo_api_keys WHERE id = @id;

-- name: ListAPIKeys :many
-- ListAPIKeys returns the keys behind one of a tenant, in the order of tenants and IDs.
SELECT * FROM silo_api_keys
WHERE (tenant_id, id) > (@after_tenant, @after_id)
ORDER BY tenant_id, id
LIMIT @max_rows;

-- name: ListAPIKeysOfTenant :many
-- ListAPIKeysOfTenant returns those of one tenant.
SELECT * FROM silo_api_keys WHERE tenant_id = @tenant_id AND id > @after_id ORDER BY id LIMIT @max_rows;

-- name: ReplaceAPIKey :exec
-- ReplaceAPIKey says which key took a key's place, and until when both are good.
UPDATE silo_api_keys SET replaced_by = @replaced_by, expires_at = @expires_at WHERE id = @id;

-- name: RevokeAPIKey :exec
-- RevokeAPIKey ends a key.
UPDATE silo_api_keys SET revoked_at = @revoked_at WHERE id = @id;

-- name: NoteAPIKeyUse :exec
-- NoteAPIKeyUse notes that a key was used, unless a later use is noted.
UPDATE silo_api_keys SET used_at = @used_at WHERE id = @id AND (used_at IS NULL OR used_at < @used_at);
