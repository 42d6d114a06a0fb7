-- +goose Up
CREATE TABLE reports (
    month   TEXT    NOT NULL PRIMARY KEY, -- 2026-03
    written INTEGER NOT NULL -- how often, for a job may run twice
) WITHOUT ROWID;

-- +goose Down
DROP TABLE reports;
