-- +goose Up
-- silo: small
CREATE TABLE accounts (id BLOB NOT NULL PRIMARY KEY, balance TEXT NOT NULL, limit_to TEXT, state TEXT NOT NULL);
