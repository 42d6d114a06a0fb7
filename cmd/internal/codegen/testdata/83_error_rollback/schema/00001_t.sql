-- +goose Up
-- silo: small
CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE ON CONFLICT ROLLBACK);
-- +goose StatementBegin
CREATE TRIGGER t_insert BEFORE INSERT ON t WHEN new.name = '' BEGIN
    SELECT RAISE(ROLLBACK, 'no name');
END;
-- +goose StatementEnd
