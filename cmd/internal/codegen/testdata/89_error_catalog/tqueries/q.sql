-- name: AllTenants :many
SELECT id FROM silo_tenants;
