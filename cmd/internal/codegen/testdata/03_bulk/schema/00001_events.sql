-- +goose Up
-- silo: small
CREATE TABLE events (id INTEGER PRIMARY KEY, name TEXT NOT NULL CHECK (name <> 'bad'), size INTEGER);
-- silo: small
CREATE TABLE tags (tag TEXT NOT NULL PRIMARY KEY);
