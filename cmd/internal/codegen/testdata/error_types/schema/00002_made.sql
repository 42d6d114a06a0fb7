-- +goose Up
CREATE TABLE made (a INTEGER NOT NULL, twice INTEGER AS (a * 2), b TEXT NOT NULL);
