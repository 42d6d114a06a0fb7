-- +goose Up
-- silo: small
CREATE TABLE files (id INTEGER PRIMARY KEY, path TEXT NOT NULL);
INSERT INTO files (id, path) VALUES (1, 'a/50%.txt'), (2, 'a/505.txt'), (3, 'b/x.md');
