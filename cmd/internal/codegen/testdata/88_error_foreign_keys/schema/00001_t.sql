-- +goose Up
-- silo: small
CREATE TABLE genders (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
-- silo: small
CREATE TABLE names (
  id INTEGER PRIMARY KEY,
  gender INTEGER REFERENCES gender (id),
  parent INTEGER REFERENCES names
);
