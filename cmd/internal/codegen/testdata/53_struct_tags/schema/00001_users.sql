-- +goose Up
-- silo: small
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL, password TEXT NOT NULL, "createdAt" TEXT);
