-- +goose Up
-- silo: small
CREATE TABLE first (id INTEGER PRIMARY KEY, one TEXT NOT NULL);

-- +goose Down
DROP TABLE first;
