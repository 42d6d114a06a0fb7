-- +goose Up
-- Work that went over many tenants, such as a migration of all: what was wanted, by whom, and
-- how it ended.
-- silo: small
CREATE TABLE silo_runs (
    id       INTEGER  PRIMARY KEY,
    kind     TEXT     NOT NULL CHECK (kind <> ''),
    actor    TEXT     NOT NULL,
    target   INTEGER  NOT NULL,                        -- the version of the schema that it leads to
    wanted   TEXT     NOT NULL CHECK (json_valid(wanted)), -- the options, for people
    outcome  TEXT     NOT NULL DEFAULT 'running',      -- also of one whose process died
    began_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    ended_at DATETIME
);

-- What became of each tenant that such a run is about. A row is there before the tenant is
-- touched. tenant_id refers to nothing, for files need not be registered.
CREATE TABLE silo_run_results (
    run_id       INTEGER NOT NULL REFERENCES silo_runs (id) ON DELETE CASCADE,
    tenant_id    TEXT    NOT NULL,
    result       TEXT    NOT NULL CHECK (result IN ('planned', 'begun', 'done', 'current', 'failed', 'skipped')),
    from_version INTEGER NOT NULL DEFAULT 0,
    to_version   INTEGER NOT NULL DEFAULT 0,
    took_ms      INTEGER NOT NULL DEFAULT 0,
    error        TEXT    NOT NULL DEFAULT '',
    next         TEXT    NOT NULL DEFAULT '',          -- what to do about the error
    at           DATETIME,
    PRIMARY KEY (run_id, tenant_id)
) WITHOUT ROWID;

CREATE INDEX silo_run_results_tenant ON silo_run_results (tenant_id, run_id);

-- +goose Down
DROP TABLE silo_run_results;
DROP TABLE silo_runs;
