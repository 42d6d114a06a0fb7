-- +goose Up
-- silo: small
CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT NOT NULL, n INTEGER, anything, code STRING, key UUID, place GEOMETRY);
-- silo: small
CREATE TABLE strict_table (id INTEGER PRIMARY KEY, x ANY) STRICT;
