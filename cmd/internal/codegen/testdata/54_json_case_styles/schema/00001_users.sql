-- +goose Up
-- silo: small
CREATE TABLE users (id INTEGER PRIMARY KEY, team_id INTEGER, "createdAt" TEXT, first_name TEXT);
INSERT INTO users (id, team_id) VALUES (1, 2);
