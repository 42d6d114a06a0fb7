-- The three tables of the reference application that the benchmarks use, as one database
-- for all tenants has them. This is a plain schema: no tenant's file has it.
CREATE TABLE modules (
    tenant_id   INTEGER  NOT NULL,
    id          TEXT     NOT NULL CHECK (id <> ''),
    slug        TEXT     NOT NULL CHECK (slug <> ''),
    name        TEXT     NOT NULL CHECK (name <> ''),
    enabled     BOOLEAN  NOT NULL DEFAULT FALSE CHECK (enabled IN (0, 1)),
    created_at  DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    updated_at  DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    description TEXT     NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, slug)
);

CREATE TABLE config (
    tenant_id  INTEGER  NOT NULL,
    key        TEXT     NOT NULL CHECK (key <> ''),
    value      TEXT     NOT NULL,
    updated_by TEXT,
    updated_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    PRIMARY KEY (tenant_id, key)
) WITHOUT ROWID;

CREATE TABLE audit_log (
    id           INTEGER  PRIMARY KEY,
    tenant_id    INTEGER  NOT NULL,
    actor        TEXT     NOT NULL CHECK (actor <> ''),
    event        TEXT     NOT NULL CHECK (event <> ''),
    subject_kind TEXT     NOT NULL,
    subject_id   TEXT     NOT NULL,
    detail       TEXT     CHECK (detail IS NULL OR json_valid(detail)),
    created_at   DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now'))
);

CREATE INDEX audit_log_by_subject ON audit_log (tenant_id, subject_kind, subject_id);
