-- +goose Up
-- What a month's bill is made of. month is 'YYYY-MM' in UTC.
CREATE TABLE tenant_monthly_usage (
    tenant_id       TEXT    NOT NULL CHECK (tenant_id <> ''),
    month           TEXT    NOT NULL CHECK (month GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]'),
    runs            INTEGER NOT NULL CHECK (runs >= 0),
    run_duration_ms INTEGER NOT NULL CHECK (run_duration_ms >= 0),
    updated_ms      INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, month)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE tenant_monthly_usage;
