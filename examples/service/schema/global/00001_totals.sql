-- +goose Up
-- How many notes each tenant had when it last changed any. It goes with its tenant.
CREATE TABLE totals (
    tenant_id  TEXT NOT NULL PRIMARY KEY REFERENCES silo_tenants (id) ON DELETE CASCADE,
    notes      INTEGER NOT NULL,
    counted_at DATETIME NOT NULL
);

-- +goose Down
DROP TABLE totals;
