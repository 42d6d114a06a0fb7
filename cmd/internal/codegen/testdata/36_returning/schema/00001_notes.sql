-- +goose Up
-- silo: small
CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT NOT NULL, size INTEGER AS (length(body)) STORED, at TEXT NOT NULL DEFAULT 'now', tag TEXT);
