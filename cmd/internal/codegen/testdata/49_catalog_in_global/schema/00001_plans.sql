-- +goose Up
CREATE TABLE plans (
    tenant_id TEXT NOT NULL PRIMARY KEY,
    name      TEXT NOT NULL
);

-- +goose Down
DROP TABLE plans;
