-- +goose Up
-- silo: small
CREATE TABLE sales (id INTEGER PRIMARY KEY, shop TEXT NOT NULL, cents INTEGER NOT NULL, rebate REAL, at DATETIME NOT NULL);
