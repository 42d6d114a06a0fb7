-- +goose Up
-- silo: small
CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT NOT NULL, owner TEXT, size INTEGER NOT NULL);
INSERT INTO items (id, name, owner, size) VALUES (1, 'a', 'x', 1), (2, 'b', 'x', 2), (3, 'c', NULL, 3), (4, 'd', 'y', 4);
