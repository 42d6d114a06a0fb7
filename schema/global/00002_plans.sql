-- +goose Up
-- A plan without max_actions limits nothing.
-- silo: small
CREATE TABLE plans (
    id          TEXT     NOT NULL PRIMARY KEY CHECK (id <> ''),
    name        TEXT     NOT NULL UNIQUE CHECK (name <> ''),
    price_cents INTEGER  NOT NULL CHECK (price_cents >= 0),
    max_actions INTEGER  CHECK (max_actions > 0),
    created_at  DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now'))
);

-- A tenant has one plan at a time. Tenants themselves are registered in silo_tenants,
-- which has a history of its own and is therefore not referenced.
CREATE TABLE subscriptions (
    tenant_id  TEXT     NOT NULL PRIMARY KEY CHECK (tenant_id <> ''),
    plan_id    TEXT     NOT NULL REFERENCES plans (id) ON DELETE RESTRICT,
    started_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now'))
) WITHOUT ROWID;

-- +goose Down
DROP TABLE subscriptions;
DROP TABLE plans;
