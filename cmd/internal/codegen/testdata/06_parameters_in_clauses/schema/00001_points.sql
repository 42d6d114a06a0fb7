-- +goose Up
-- silo: small
CREATE TABLE points (id INTEGER PRIMARY KEY, grp TEXT NOT NULL, score INTEGER NOT NULL, at DATETIME NOT NULL);
INSERT INTO points (id, grp, score, at) VALUES
    (1, 'a', 10, '2026-01-01 00:00:00.000'),
    (2, 'a', 20, '2026-01-02 00:00:00.000'),
    (3, 'b', 30, '2026-01-03 00:00:00.000');
