-- +goose Up
-- silo: small
CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
-- silo: small
CREATE TABLE pets (id INTEGER PRIMARY KEY, owner INTEGER NOT NULL, name TEXT NOT NULL);
INSERT INTO people (id, name) VALUES (1, 'ann'), (2, 'bob');
INSERT INTO pets (id, owner, name) VALUES (1, 2, 'rex');
CREATE VIEW owners AS
SELECT people.id, people.name, pets.name AS pet FROM people LEFT JOIN pets ON pets.owner = people.id;
CREATE VIEW counts (name, pets) AS
SELECT people.name, count(pets.id) FROM people LEFT JOIN pets ON pets.owner = people.id GROUP BY people.id;
