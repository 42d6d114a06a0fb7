-- +goose Up
-- An action goes with its module, and its kind is one of those the product knows.
-- SQLite can change neither in place, so the table is built anew. action_runs
-- references it by name and keeps every row. A database that holds another kind stays
-- at the version before, and says so.
CREATE TABLE actions_rebuilt (
    id          TEXT     NOT NULL PRIMARY KEY CHECK (id <> ''),
    module_id   TEXT     NOT NULL REFERENCES modules (id) ON DELETE CASCADE,
    kind        TEXT     NOT NULL CHECK (kind IN ('webhook', 'schedule', 'script')),
    name        TEXT     NOT NULL CHECK (name <> ''),
    description TEXT     NOT NULL DEFAULT '',
    spec        TEXT     NOT NULL DEFAULT '{}' CHECK (json_valid(spec)),
    created_at  DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    updated_at  DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now'))
);

INSERT INTO actions_rebuilt (id, module_id, kind, name, description, spec, created_at, updated_at)
SELECT id, module_id, kind, name, description, spec, created_at, updated_at
FROM actions;

DROP TABLE actions;

ALTER TABLE actions_rebuilt RENAME TO actions;

CREATE INDEX actions_by_module ON actions (module_id, name, id);

-- +goose Down
CREATE TABLE actions_rebuilt (
    id          TEXT     NOT NULL PRIMARY KEY CHECK (id <> ''),
    module_id   TEXT     NOT NULL REFERENCES modules (id),
    kind        TEXT     NOT NULL,
    name        TEXT     NOT NULL CHECK (name <> ''),
    description TEXT     NOT NULL DEFAULT '',
    spec        TEXT     NOT NULL DEFAULT '{}' CHECK (json_valid(spec)),
    created_at  DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    updated_at  DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now'))
);

INSERT INTO actions_rebuilt (id, module_id, kind, name, description, spec, created_at, updated_at)
SELECT id, module_id, kind, name, description, spec, created_at, updated_at
FROM actions;

DROP TABLE actions;

ALTER TABLE actions_rebuilt RENAME TO actions;

CREATE INDEX actions_by_module ON actions (module_id, name, id);
