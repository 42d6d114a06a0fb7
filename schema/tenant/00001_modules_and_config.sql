-- +goose Up
-- silo: small
CREATE TABLE modules (
    id         TEXT     NOT NULL PRIMARY KEY CHECK (id <> ''),
    slug       TEXT     NOT NULL UNIQUE CHECK (slug <> ''),
    name       TEXT     NOT NULL CHECK (name <> ''),
    enabled    BOOLEAN  NOT NULL DEFAULT FALSE CHECK (enabled IN (0, 1)),
    created_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    updated_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now'))
);

-- silo: small
CREATE TABLE config (
    key        TEXT     NOT NULL PRIMARY KEY CHECK (key <> ''),
    value      TEXT     NOT NULL,
    updated_by TEXT,
    updated_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now'))
) WITHOUT ROWID;

-- +goose Down
DROP TABLE config;
DROP TABLE modules;
