-- +goose Up
-- silo: small
CREATE TABLE docs (id INTEGER PRIMARY KEY, tags TEXT NOT NULL);
INSERT INTO docs (id, tags) VALUES (1, '["a", "b"]'), (2, '["b", 5]');
