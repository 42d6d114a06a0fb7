-- +goose Up
CREATE TABLE t (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES t (id));
INSERT INTO t (id, parent) VALUES (1, 2);
