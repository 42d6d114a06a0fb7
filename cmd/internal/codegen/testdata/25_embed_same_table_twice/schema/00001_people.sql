-- +goose Up
-- silo: small
CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL, boss INTEGER REFERENCES people (id));
INSERT INTO people (id, name, boss) VALUES (1, 'ann', NULL), (2, 'bob', 1);
