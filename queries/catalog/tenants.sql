-- name: InsertTenant :exec
-- InsertTenant makes a tenant known.
INSERT INTO silo_tenants (id, display_name, state, suspension, metadata)
VALUES (@id, @display_name, @state, @suspension, @metadata);

-- name: GetTenant :one
-- GetTenant returns a tenant.
SELECT * FROM silo_tenants WHERE id = @id;

-- name: GetState :one
-- GetState returns what decides whether a tenant is let in.
SELECT state, suspension, reason, operation FROM silo_tenants WHERE id = @id;

-- name: CountChanges :one
-- CountChanges returns how often states have changed.
SELECT count FROM silo_changes;

-- name: ListTenants :many
-- ListTenants returns the tenants behind one, in the order of their IDs.
SELECT * FROM silo_tenants WHERE id > @after ORDER BY id LIMIT @max_rows;

-- name: ListTenantsInState :many
-- ListTenantsInState returns those of them that are in a state.
SELECT * FROM silo_tenants WHERE state = @state AND id > @after ORDER BY id LIMIT @max_rows;

-- name: ListTenantsWithLabel :many
-- ListTenantsWithLabel returns those of them that have a label of that value.
SELECT t.*
FROM silo_tenant_labels AS l
JOIN silo_tenants AS t ON t.id = l.tenant_id
WHERE l.name = @name AND l.value = @value AND l.tenant_id > @after
ORDER BY l.tenant_id
LIMIT @max_rows;

-- name: ListTenantsInStateWithLabel :many
-- ListTenantsInStateWithLabel returns those of them of which both is true.
SELECT t.*
FROM silo_tenant_labels AS l
JOIN silo_tenants AS t ON t.id = l.tenant_id
WHERE l.name = @name AND l.value = @value AND l.tenant_id > @after AND t.state = @state
ORDER BY l.tenant_id
LIMIT @max_rows;

-- name: SetState :execrows
-- SetState changes the state of a tenant that has not changed it since the generation.
-- It returns 0 where it has.
UPDATE silo_tenants
SET state = @state, suspension = @suspension, reason = @reason, operation = @operation, generation = generation + 1,
    changed_at = strftime('%Y-%m-%d %H:%M:%f', 'now')
WHERE id = @id AND generation = @expected;

-- name: SetDisplayName :execrows
-- SetDisplayName returns 0 when there is no such tenant, as those below do.
UPDATE silo_tenants SET display_name = @display_name WHERE id = @id;

-- name: SetMetadata :execrows
-- SetMetadata replaces a tenant's metadata, which is JSON.
UPDATE silo_tenants SET metadata = @metadata WHERE id = @id;

-- name: SetProtected :execrows
-- SetProtected says whether a tenant may be deleted.
UPDATE silo_tenants SET protected = @protected WHERE id = @id;

-- name: SetSeen :execrows
-- SetSeen notes what a tenant's file was found to be.
UPDATE silo_tenants
SET schema_version = @schema_version, size_bytes = @size_bytes, seen_at = strftime('%Y-%m-%d %H:%M:%f', 'now')
WHERE id = @id;

-- name: DeleteTenant :execrows
-- DeleteTenant forgets a tenant, with its labels and aliases.
DELETE FROM silo_tenants WHERE id = @id;

-- name: ListLabels :many
-- ListLabels returns the labels of the tenants from one to another.
SELECT * FROM silo_tenant_labels WHERE tenant_id BETWEEN @first AND @last ORDER BY tenant_id, name;

-- name: InsertLabel :exec
-- InsertLabel gives a tenant a label.
INSERT INTO silo_tenant_labels (tenant_id, name, value) VALUES (@tenant_id, @name, @value);

-- name: DeleteLabels :exec
-- DeleteLabels takes all labels from a tenant.
DELETE FROM silo_tenant_labels WHERE tenant_id = @tenant_id;
