-- +goose Up
-- silo: small
CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT NOT NULL, half INTEGER AS (id / 2));
CREATE VIEW v AS SELECT id FROM t;
