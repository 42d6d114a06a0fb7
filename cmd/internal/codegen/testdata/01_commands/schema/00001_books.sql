-- +goose Up
-- silo: small
CREATE TABLE books (
    id     INTEGER PRIMARY KEY,
    title  TEXT NOT NULL,
    pages  INTEGER,
    rating REAL
);

-- +goose Down
DROP TABLE books;
