-- +goose Up
-- silo: small
CREATE TABLE stores (id INTEGER PRIMARY KEY, url_id INTEGER NOT NULL, api_key TEXT NOT NULL, http_url TEXT, txt TEXT);
-- silo: small
CREATE TABLE news (id INTEGER PRIMARY KEY, title TEXT NOT NULL);
INSERT INTO stores (id, url_id, api_key) VALUES (1, 2, 'k');
