-- +goose Up
CREATE VIRTUAL TABLE docs USING fts5 (title, body);
INSERT INTO docs (title, body) VALUES ('foxes', 'the quick brown fox'), ('dogs', 'the lazy dog');
