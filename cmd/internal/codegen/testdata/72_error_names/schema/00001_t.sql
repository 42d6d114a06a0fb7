-- +goose Up
-- silo: small
CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT NOT NULL, n INTEGER);
-- silo: small
CREATE TABLE stores (id INTEGER PRIMARY KEY);
-- silo: small
CREATE TABLE u (id INTEGER PRIMARY KEY, t_id INTEGER);
-- silo: small
CREATE TABLE us (id INTEGER PRIMARY KEY);
-- silo: small
CREATE TABLE "🙂" (id INTEGER PRIMARY KEY);
-- silo: small
CREATE TABLE renamed (id INTEGER PRIMARY KEY, name TEXT NOT NULL, age INTEGER);
-- silo: small
CREATE TABLE spelt (id INTEGER PRIMARY KEY, user_id INTEGER);
ALTER TABLE spelt ADD COLUMN "user-id" TEXT;
CREATE VIEW both AS SELECT id, user_id, user_id AS "user.id" FROM spelt;
