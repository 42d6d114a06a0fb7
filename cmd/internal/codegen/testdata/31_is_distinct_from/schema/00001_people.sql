-- +goose Up
-- silo: small
CREATE TABLE people (id INTEGER PRIMARY KEY, nick TEXT, age INTEGER NOT NULL);
INSERT INTO people (id, nick, age) VALUES (1, NULL, 40), (2, 'bo', 30);
