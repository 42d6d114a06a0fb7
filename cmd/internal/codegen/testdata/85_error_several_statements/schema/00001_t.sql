-- +goose Up
-- silo: small
CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
