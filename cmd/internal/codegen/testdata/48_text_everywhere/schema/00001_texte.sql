-- +goose Up
-- silo: small
CREATE TABLE "Übung" (id INTEGER PRIMARY KEY, 日本語 TEXT NOT NULL, "🙂" TEXT, größe REAL NOT NULL DEFAULT 1);
