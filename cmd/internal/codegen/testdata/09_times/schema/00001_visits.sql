-- +goose Up
-- silo: small
CREATE TABLE visits (
    id         INTEGER PRIMARY KEY,
    came       DATETIME NOT NULL,
    went       TIMESTAMP,
    day        DATE,
    hour       TIME,
    created_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now'))
);
