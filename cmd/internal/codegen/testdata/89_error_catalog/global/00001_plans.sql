-- +goose Up
CREATE TABLE plans (id TEXT NOT NULL PRIMARY KEY);

-- +goose Down
DROP TABLE plans;
