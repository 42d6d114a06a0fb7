-- +goose Up
CREATE INDEX first_by_size ON first (size);
