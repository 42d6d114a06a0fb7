-- +goose Up
-- silo: small
CREATE TABLE sales (id INTEGER PRIMARY KEY, amount REAL NOT NULL, factor, created_at TEXT NOT NULL);
INSERT INTO sales (id, amount, factor, created_at) VALUES (1, 2.5, 2, '2026-01-02 03:04:05.000');
