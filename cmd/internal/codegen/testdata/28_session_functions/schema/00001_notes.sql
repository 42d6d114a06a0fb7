-- +goose Up
CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT NOT NULL);
CREATE VIEW last AS SELECT last_insert_rowid() AS id;
CREATE VIEW later AS SELECT id + 1 AS id FROM last;
