-- +goose Up
-- silo: small
CREATE TABLE users (
    id         INTEGER PRIMARY KEY,
    kind       TEXT NOT NULL,
    maybe_kind TEXT,
    settings   TEXT NOT NULL,
    photo      TEXT NOT NULL,
    level      INTEGER NOT NULL,
    anything
);
