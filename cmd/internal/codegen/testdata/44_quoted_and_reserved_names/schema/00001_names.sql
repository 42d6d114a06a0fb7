-- +goose Up
-- silo: small
CREATE TABLE s (id INTEGER PRIMARY KEY, type TEXT NOT NULL, "select" TEXT, [func] INTEGER, `two words` TEXT, "it's" TEXT);
-- silo: small
CREATE TABLE "order" ("group" INTEGER PRIMARY KEY, "from" TEXT NOT NULL);
-- silo: small
CREATE TABLE "row" (id INTEGER PRIMARY KEY, err TEXT NOT NULL, ctx TEXT, q TEXT);
