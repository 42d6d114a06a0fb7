-- +goose Up
-- silo: small
CREATE TABLE a (id INTEGER PRIMARY KEY, x TEXT NOT NULL, "group" TEXT);
-- silo: small
CREATE TABLE b (id INTEGER PRIMARY KEY, y TEXT NOT NULL);
INSERT INTO a (id, x) VALUES (1, 'x1'), (2, 'x2');
INSERT INTO b (id, y) VALUES (1, 'y1'), (3, 'y3');
