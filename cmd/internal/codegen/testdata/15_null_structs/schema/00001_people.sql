-- +goose Up
-- silo: small
CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, age INTEGER, size REAL, born DATETIME, alive BOOLEAN, photo BLOB, extra JSON);
