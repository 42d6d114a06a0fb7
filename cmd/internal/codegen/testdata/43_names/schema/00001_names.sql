-- +goose Up
-- silo: small
CREATE TABLE addresses (id INTEGER PRIMARY KEY, type TEXT NOT NULL, user_id TEXT NOT NULL, url_id TEXT);
-- silo: small
CREATE TABLE audit_log (id INTEGER PRIMARY KEY, "select" TEXT NOT NULL, "two words" TEXT NOT NULL DEFAULT '');
-- silo: small
CREATE TABLE stores (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
-- silo: small
CREATE TABLE campus (id INTEGER PRIMARY KEY);
-- silo: small
CREATE TABLE amounts (id INTEGER PRIMARY KEY, amount DECIMAL(10, 2) NOT NULL);
-- silo: small
CREATE TABLE SALES_FIGURES (ID INTEGER PRIMARY KEY, COUNT_RECORD INTEGER NOT NULL, WhoSold TEXT);
