-- +goose Up
-- silo: small
CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT NOT NULL, owner TEXT);
INSERT INTO items (id, name, owner) VALUES (1, 'a', 'x'), (2, 'b', 'x'), (3, 'c', NULL), (4, 'd', 'y');
