-- name: GetConfig :one
SELECT key, value, updated_by, updated_at
FROM config
WHERE tenant_id = @tenant_id AND key = @key;

-- name: SetConfig :exec
INSERT INTO config (tenant_id, key, value, updated_by)
VALUES (@tenant_id, @key, @value, @updated_by)
ON CONFLICT (tenant_id, key) DO UPDATE
SET value = excluded.value, updated_by = excluded.updated_by, updated_at = excluded.updated_at;

-- name: UpdateConfigValue :execrows
UPDATE config
SET value = @value, updated_by = @updated_by, updated_at = strftime('%Y-%m-%d %H:%M:%f', 'now')
WHERE tenant_id = @tenant_id AND key = @key;

-- name: CreateModule :one
INSERT INTO modules (tenant_id, id, slug, name, description)
VALUES (@tenant_id, @id, @slug, @name, @description)
RETURNING id, slug, name, enabled, created_at, updated_at, description;

-- name: GetModule :one
SELECT id, slug, name, enabled, created_at, updated_at, description
FROM modules
WHERE tenant_id = @tenant_id AND id = @id;

-- name: InsertAuditEntry :exec
INSERT INTO audit_log (tenant_id, actor, event, subject_kind, subject_id, detail)
VALUES (@tenant_id, @actor, @event, @subject_kind, @subject_id, @detail);

-- name: ListAuditLog :many
SELECT id, actor, event, subject_kind, subject_id, detail, created_at
FROM audit_log
WHERE tenant_id = @tenant_id
ORDER BY created_at DESC, id DESC
LIMIT @max_rows;

-- name: CountAuditLog :one
SELECT count(*)
FROM audit_log;
