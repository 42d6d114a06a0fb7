-- +goose Up
-- silo: small
CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
-- silo: small
CREATE TABLE untyped (id INTEGER PRIMARY KEY, anything);
-- silo: small
CREATE TABLE loose (t_id INTEGER, note TEXT PRIMARY KEY);
CREATE VIEW v AS SELECT id FROM t;
