-- +goose Up
-- silo: small
CREATE TABLE "t" ("id" INTEGER PRIMARY KEY, state TEXT NOT NULL DEFAULT "Gone" CHECK (state IN ("In Stock", "Gone")));
INSERT INTO t (state) VALUES ("Gone");
