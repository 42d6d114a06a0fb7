-- +goose Up
-- silo: small
CREATE TABLE counters (name TEXT NOT NULL PRIMARY KEY, n INTEGER NOT NULL, note TEXT, code INTEGER UNIQUE);
