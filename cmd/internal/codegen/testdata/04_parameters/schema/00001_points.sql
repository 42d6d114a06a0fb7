-- +goose Up
-- silo: small
CREATE TABLE points (
    id    INTEGER PRIMARY KEY,
    grp   TEXT NOT NULL,
    score INTEGER NOT NULL,
    note  TEXT,
    weight REAL NOT NULL DEFAULT 1
);
INSERT INTO points (id, grp, score, note) VALUES (1, 'a', 10, NULL), (2, 'a', 20, 'n'), (3, 'b', 30, NULL), (4, 'b', 40, 'm');
