-- +goose Up
CREATE TABLE actions (
    id          TEXT     NOT NULL PRIMARY KEY CHECK (id <> ''),
    module_id   TEXT     NOT NULL REFERENCES modules (id),
    kind        TEXT     NOT NULL,
    name        TEXT     NOT NULL CHECK (name <> ''),
    description TEXT     NOT NULL DEFAULT '',
    spec        TEXT     NOT NULL DEFAULT '{}' CHECK (json_valid(spec)),
    created_at  DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    updated_at  DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now'))
);

CREATE INDEX actions_by_module ON actions (module_id, name, id);

CREATE TABLE action_runs (
    id          TEXT    NOT NULL PRIMARY KEY CHECK (id <> ''),
    action_id   TEXT    NOT NULL REFERENCES actions (id) ON DELETE CASCADE,
    status      TEXT    NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'succeeded', 'failed')),
    started_ms  INTEGER NOT NULL CHECK (started_ms > 0),
    finished_ms INTEGER CHECK (finished_ms >= started_ms),
    error       TEXT,
    CHECK ((status = 'running') = (finished_ms IS NULL)),
    CHECK (error IS NULL OR status = 'failed')
) STRICT;

-- +goose Down
DROP TABLE action_runs;
DROP TABLE actions;
