-- +goose Up
CREATE TABLE orders (
    id        INTEGER PRIMARY KEY,
    tenant_id TEXT NOT NULL,
    month     TEXT NOT NULL
);

-- +goose Down
DROP TABLE orders;
