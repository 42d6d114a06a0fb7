-- +goose Up
-- silo: small
CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT);
-- silo: small
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, cents INTEGER NOT NULL);
INSERT INTO customers (id, name, email) VALUES (1, 'ann', NULL), (2, 'bob', 'b@x');
INSERT INTO orders (id, customer_id, cents) VALUES (7, 1, 100), (8, NULL, 250);
-- silo: small
CREATE TABLE remarks (order_id INTEGER, text TEXT);
INSERT INTO remarks (order_id, text) VALUES (7, 'urgent'), (NULL, NULL);
