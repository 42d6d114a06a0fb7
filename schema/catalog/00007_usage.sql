-- +goose Up
-- What the calls on the tenants came to, by hours of UTC in which there were any. Processes add to
-- the rows of others, and old ones are removed.
CREATE TABLE silo_usage (
    hour_ms    INTEGER NOT NULL CHECK (hour_ms % 3600000 = 0), -- when it began
    tenant_id  TEXT    NOT NULL REFERENCES silo_tenants (id) ON DELETE CASCADE,
    calls      INTEGER NOT NULL,
    errors     INTEGER NOT NULL, -- of the calls
    slow       INTEGER NOT NULL, -- likewise
    size_bytes INTEGER NOT NULL DEFAULT 0, -- of the files when that was last looked at in the hour
    PRIMARY KEY (hour_ms, tenant_id)
) STRICT, WITHOUT ROWID;

-- What each tenant was asked since a time is in this index as a whole, in the tenants' order: neither
-- are rows looked up, nor sorted.
CREATE INDEX silo_usage_tenant ON silo_usage (tenant_id, hour_ms, calls, errors, slow);

-- +goose Down
DROP TABLE silo_usage;
