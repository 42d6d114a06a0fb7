-- +goose Up
CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers (id), cents INTEGER NOT NULL);
INSERT INTO customers (id, name) VALUES (1, 'ann'), (2, 'bob');
INSERT INTO orders (id, customer_id, cents) VALUES (7, 1, 100), (8, 2, 250);
