-- +goose Up
-- silo: small
CREATE TABLE third (id INTEGER PRIMARY KEY);
-- +goose Down
DROP TABLE third;
