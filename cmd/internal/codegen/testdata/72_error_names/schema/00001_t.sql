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
