-- +goose Up
ALTER TABLE t ADD COLUMN name TEXT;
