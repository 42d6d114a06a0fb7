-- +goose Up
-- silo: small
CREATE TABLE folders (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES folders (id), name TEXT NOT NULL);
INSERT INTO folders (id, parent, name) VALUES (1, NULL, 'root'), (2, 1, 'etc'), (3, 2, 'ssl'), (4, 1, 'home');
