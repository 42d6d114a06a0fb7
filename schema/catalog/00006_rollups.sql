-- +goose Up
-- How far the tenants are summed up, by the name of the rollup. A row changes in the same
-- commit as the sums that it is about. It refers to no tenant, for a service may sum up
-- tenants that are not registered; it goes when the tenant is forgotten.
CREATE TABLE silo_rollups (
    name       TEXT    NOT NULL CHECK (name <> ''),
    tenant_id  TEXT    NOT NULL CHECK (length(tenant_id) BETWEEN 1 AND 63),
    period     TEXT    NOT NULL CHECK (period IN ('hour', 'day', 'month')),
    through_ms INTEGER NOT NULL, -- all windows that end until then are in
    runs       INTEGER NOT NULL DEFAULT 1, -- counts the commits: who read before another's is late
    ran_ms     INTEGER NOT NULL,
    PRIMARY KEY (name, tenant_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX silo_rollups_tenant ON silo_rollups (tenant_id);

-- +goose StatementBegin
CREATE TRIGGER silo_tenants_take_their_rollups
AFTER DELETE ON silo_tenants
BEGIN
    DELETE FROM silo_rollups WHERE tenant_id = OLD.id;
END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER silo_tenants_take_their_rollups;
DROP TABLE silo_rollups;
