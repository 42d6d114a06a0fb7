-- +goose Up
CREATE TABLE places (
    id INTEGER PRIMARY KEY,
    point TEXT NOT NULL,
    tags TEXT,
    colour TEXT NOT NULL,
    level INTEGER NOT NULL,
    area TEXT NOT NULL
);
