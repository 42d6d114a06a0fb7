-- +goose Up
-- silo: small
CREATE TABLE samples (
    id       INTEGER PRIMARY KEY,
    flag     BOOLEAN  NOT NULL,
    maybe    BOOLEAN,
    at       DATETIME NOT NULL,
    maybe_at TIMESTAMP,
    day      DATE,
    big      BIGINT NOT NULL,
    price    DOUBLE PRECISION NOT NULL,
    maybe_price REAL,
    code     VARCHAR(10) NOT NULL,
    data     BLOB NOT NULL,
    maybe_data BLOB
);
CREATE VIRTUAL TABLE docs USING fts5 (title, body);
