-- +goose Up
-- silo: small
CREATE TABLE first (code TEXT PRIMARY KEY, made DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP, zip STRING);
-- +goose Down
SELECT 1;
