-- +goose Up
-- silo: small
CREATE TABLE people (
    id     INTEGER PRIMARY KEY,
    born   DATE NOT NULL,
    died   DATE,
    joined DATE NOT NULL DEFAULT CURRENT_DATE
);
