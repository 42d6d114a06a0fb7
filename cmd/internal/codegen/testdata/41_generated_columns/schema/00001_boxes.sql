-- +goose Up
-- silo: small
CREATE TABLE boxes (
    id     INTEGER PRIMARY KEY,
    width  INTEGER NOT NULL,
    height INTEGER NOT NULL,
    area   INTEGER NOT NULL GENERATED ALWAYS AS (width * height) STORED,
    label  TEXT AS (width || 'x' || height) VIRTUAL,
    halves AS (half * 2),
    half   GENERATED ALWAYS AS (round(width / 2.0, 1)),
    square AS (width = height)
);
