-- +goose Up
-- Städte und ihre Größe
-- silo: small
CREATE TABLE städte (
    id    INTEGER PRIMARY KEY,
    name  TEXT NOT NULL CHECK (name <> 'Köln–Süd'),
    größe INTEGER NOT NULL
);
