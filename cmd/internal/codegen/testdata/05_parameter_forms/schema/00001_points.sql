-- +goose Up
-- silo: small
CREATE TABLE points (id INTEGER PRIMARY KEY, grp TEXT NOT NULL, score INTEGER NOT NULL);
INSERT INTO points (id, grp, score) VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 30);
