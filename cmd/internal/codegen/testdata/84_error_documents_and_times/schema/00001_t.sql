-- +goose Up
-- silo: small
CREATE TABLE t (id INTEGER PRIMARY KEY, attrs JSON NOT NULL, at DATETIME NOT NULL);
