-- +goose Up
-- silo: small
CREATE TABLE t (
  id INTEGER PRIMARY KEY, n INTEGER, r REAL, ok BOOLEAN, at DATETIME, name TEXT, meta JSON, bytes BLOB, own INTEGER, millis INTEGER
);
