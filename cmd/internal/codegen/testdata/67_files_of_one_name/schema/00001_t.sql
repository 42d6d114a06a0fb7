-- +goose Up
-- silo: small
CREATE TABLE t (id INTEGER PRIMARY KEY);
