-- +goose Up
ALTER TABLE first RENAME TO firsts;
-- +goose Down
ALTER TABLE firsts RENAME TO first;
