-- +goose Up
-- silo: small
CREATE TABLE scores (id INTEGER PRIMARY KEY, team TEXT NOT NULL, points INTEGER NOT NULL);
INSERT INTO scores (id, team, points) VALUES (1, 'a', 5), (2, 'a', 7), (3, 'b', 7);
