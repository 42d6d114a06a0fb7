-- +goose Up
-- One row a tenant and hour, written by the tenant's worker, so that a question about
-- all tenants reads one small table and opens no tenant's file.
CREATE TABLE tenant_hourly_stats (
    tenant_id           TEXT    NOT NULL CHECK (tenant_id <> ''),
    hour_ms             INTEGER NOT NULL CHECK (hour_ms % 3600000 = 0),
    total               INTEGER NOT NULL CHECK (total >= 0),
    succeeded           INTEGER NOT NULL CHECK (succeeded BETWEEN 0 AND total),
    average_duration_ms REAL    NOT NULL CHECK (average_duration_ms >= 0),
    updated_ms          INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, hour_ms)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE tenant_hourly_stats;
