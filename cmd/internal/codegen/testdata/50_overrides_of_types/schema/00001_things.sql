-- +goose Up
-- silo: small
CREATE TABLE things (
    id     INTEGER PRIMARY KEY,
    uuid   UUID NOT NULL,
    parent UUID,
    body   JSON NOT NULL,
    made   BIGINT NOT NULL,
    gone   BIGINT,
    done   TINYINT NOT NULL,
    ratio  REAL NOT NULL
);
