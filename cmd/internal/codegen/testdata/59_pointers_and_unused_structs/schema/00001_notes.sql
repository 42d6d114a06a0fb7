-- +goose Up
-- silo: small
CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT NOT NULL, at TEXT);
-- silo: small
CREATE TABLE never_asked (id INTEGER PRIMARY KEY);
-- silo: small
CREATE TABLE embedded (id INTEGER PRIMARY KEY);
INSERT INTO embedded (id) VALUES (1);
