-- +goose Up
-- Rows are numbered in the order they happened, so the latest ones are read off the
-- end of the table. actor and subject_id outlive what they name: no references.
CREATE TABLE audit_log (
    id           INTEGER  PRIMARY KEY,
    actor        TEXT     NOT NULL CHECK (actor <> ''),
    event        TEXT     NOT NULL CHECK (event <> ''),
    subject_kind TEXT     NOT NULL,
    subject_id   TEXT     NOT NULL,
    detail       TEXT     CHECK (detail IS NULL OR json_valid(detail)),
    created_at   DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now'))
);

-- +goose Down
DROP TABLE audit_log;
