-- name: InsertAlias :exec
-- InsertAlias gives a tenant an alias that no other has.
INSERT INTO silo_aliases (kind, value, tenant_id) VALUES (@kind, @value, @tenant_id);

-- name: MoveAlias :execrows
-- MoveAlias gives an alias of one tenant to another. It returns 0 when it is not the
-- first one's.
UPDATE silo_aliases SET tenant_id = @new_tenant WHERE kind = @kind AND value = @value AND tenant_id = @old_tenant;

-- name: DeleteAlias :execrows
-- DeleteAlias takes an alias away. It returns 0 when there is none.
DELETE FROM silo_aliases WHERE kind = @kind AND value = @value;

-- name: GetAlias :one
-- GetAlias returns an alias.
SELECT * FROM silo_aliases WHERE kind = @kind AND value = @value;

-- name: ListAliases :many
-- ListAliases returns the aliases of a tenant, in order.
SELECT * FROM silo_aliases WHERE tenant_id = @tenant_id ORDER BY kind, value;
