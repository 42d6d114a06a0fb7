-- +goose Up
-- silo: small
CREATE TABLE a (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
-- silo: small
CREATE TABLE b (id INTEGER PRIMARY KEY, a_id INTEGER NOT NULL, name TEXT);
INSERT INTO a (id, name) VALUES (1, 'one');
INSERT INTO b (id, a_id, name) VALUES (7, 1, NULL);
