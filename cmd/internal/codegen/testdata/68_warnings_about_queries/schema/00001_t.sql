-- +goose Up
CREATE TABLE events (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, at DATETIME NOT NULL, body TEXT NOT NULL);
CREATE INDEX events_by_kind ON events (kind);
-- silo: small
CREATE TABLE kinds (kind TEXT NOT NULL PRIMARY KEY, title TEXT NOT NULL);
