-- +goose Up
-- silo: small
CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL, boss INTEGER REFERENCES people (id), age INTEGER);
-- silo: small
CREATE TABLE pets (name TEXT NOT NULL, owner INTEGER NOT NULL REFERENCES people (id), weight REAL NOT NULL);
CREATE VIEW bosses AS
SELECT people.id, people.name, boss.name AS boss_name, count(*) OVER () AS total
FROM people LEFT JOIN people AS boss ON boss.id = people.boss;
-- silo: small
CREATE TABLE keyed (code TEXT PRIMARY KEY, n INTEGER);
