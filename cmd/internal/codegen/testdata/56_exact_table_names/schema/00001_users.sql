-- +goose Up
-- silo: small
CREATE TABLE users (id INTEGER PRIMARY KEY, user_id INTEGER);
INSERT INTO users (id) VALUES (1);
