-- +goose Up
-- silo: small
CREATE TABLE made (a INTEGER NOT NULL, twice INTEGER AS (a * 2), b TEXT NOT NULL);
CREATE VIEW mixed AS SELECT id AS x FROM people UNION ALL SELECT name FROM pets;
CREATE VIEW replaced AS SELECT people.id, pets.name FROM people LEFT JOIN pets ON pets.owner = people.id;
DROP VIEW replaced;
-- silo: small
CREATE TABLE replaced (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
-- silo: small
CREATE TABLE l (id INTEGER PRIMARY KEY, x TEXT NOT NULL);
-- silo: small
CREATE TABLE r (id INTEGER PRIMARY KEY, y TEXT NOT NULL);
INSERT INTO l (id, x) VALUES (1, 'l1'), (2, 'l2');
INSERT INTO r (id, y) VALUES (2, 'r2'), (3, 'r3');
