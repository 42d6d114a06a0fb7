-- +goose Up
-- What each tenant was asked since a time is in this index as a whole, in the tenants' order: neither
-- are rows looked up, nor sorted.
DROP INDEX silo_usage_tenant;
CREATE INDEX silo_usage_tenant ON silo_usage (tenant_id, hour_ms, calls, errors, slow);

-- From now on silo_tenants.size_bytes is also written when what a tenant was asked is, and is then that of
-- the file and its log.
UPDATE silo_tenants
SET size_bytes = coalesce(
    (SELECT u.size_bytes FROM silo_usage AS u WHERE u.tenant_id = silo_tenants.id AND u.size_bytes > 0 ORDER BY u.hour_ms DESC LIMIT 1),
    size_bytes
);

-- +goose Down
DROP INDEX silo_usage_tenant;
CREATE INDEX silo_usage_tenant ON silo_usage (tenant_id, hour_ms);
