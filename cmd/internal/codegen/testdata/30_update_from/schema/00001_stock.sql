-- +goose Up
-- silo: small
CREATE TABLE stock (id INTEGER PRIMARY KEY, name TEXT NOT NULL, n INTEGER NOT NULL);
-- silo: small
CREATE TABLE deliveries (stock_id INTEGER NOT NULL, n INTEGER NOT NULL, note TEXT);
INSERT INTO stock (id, name, n) VALUES (1, 'nuts', 5), (2, 'bolts', 7);
INSERT INTO deliveries (stock_id, n, note) VALUES (1, 10, 'late'), (2, 1, NULL);
