-- +goose Up
-- silo: small
CREATE TABLE docs (id INTEGER PRIMARY KEY, body JSON NOT NULL, extra JSON, note TEXT NOT NULL DEFAULT '{}');
