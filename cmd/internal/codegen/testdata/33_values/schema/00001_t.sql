-- +goose Up
-- silo: small
CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO t (id, name) VALUES (1, 'a'), (3, 'c');
