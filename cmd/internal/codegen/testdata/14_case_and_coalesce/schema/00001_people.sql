-- +goose Up
-- silo: small
CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL, nick TEXT, age INTEGER);
INSERT INTO people (id, name, nick, age) VALUES (1, 'Ann', NULL, 40), (2, 'Bob', 'Bo', NULL);
