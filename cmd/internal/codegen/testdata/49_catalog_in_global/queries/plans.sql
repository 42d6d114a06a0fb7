-- name: AddPlan :exec
INSERT INTO plans (tenant_id, name) VALUES (@tenant_id, @name);

-- name: ListActive :many
-- ListActive returns the plans of the tenants that are active.
SELECT plans.name, t.id, t.display_name, t.created_at, t.size_bytes
FROM plans
JOIN silo_tenants AS t ON t.id = plans.tenant_id
WHERE t.state = @state
ORDER BY t.id;

-- name: GetCataloged :one
SELECT * FROM silo_tenants WHERE id = @id;

-- name: PlanOf :one
SELECT plans.name
FROM silo_aliases AS a
JOIN plans ON plans.tenant_id = a.tenant_id
WHERE a.kind = @kind AND a.value = @value;
