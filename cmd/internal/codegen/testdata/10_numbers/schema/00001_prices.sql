-- +goose Up
-- silo: small
CREATE TABLE prices (
    id    INTEGER PRIMARY KEY,
    cents DECIMAL(10, 2) NOT NULL,
    rate  NUMERIC,
    ratio FLOAT NOT NULL DEFAULT 0.5,
    big   UNSIGNED BIG INT NOT NULL DEFAULT 9007199254740993
);
