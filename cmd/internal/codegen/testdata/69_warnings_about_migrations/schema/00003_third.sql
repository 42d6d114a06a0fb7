-- +goose Up
-- silo: small
CREATE TABLE third (id INTEGER PRIMARY KEY);
CREATE TABLE fourth (made DATETIME NOT NULL DEFAULT made, size INTEGER REFERENCES third (size));
CREATE VIEW broken AS SELECT missing FROM third;
BEGIN;
COMMIT;
-- +goose Down
DROP VIEW broken;
DROP TABLE fourth;
DROP TABLE third;
