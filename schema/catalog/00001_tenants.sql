-- +goose Up
-- A tenant is known here from before its file is made until it is forgotten, which is
-- after the file is gone. The files are the truth for data; this is the truth for who may
-- reach them.
CREATE TABLE silo_tenants (
    id             TEXT     NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 63),
    display_name   TEXT     NOT NULL DEFAULT '',
    state          TEXT     NOT NULL CHECK (state IN ('creating', 'active', 'suspended', 'deleting', 'deleted', 'quarantined')),
    suspension     TEXT     NOT NULL DEFAULT '' CHECK ((state = 'suspended') = (suspension IN ('closed', 'read-only'))),
    reason         TEXT     NOT NULL DEFAULT '', -- of the state, where somebody gave one
    operation      TEXT     NOT NULL DEFAULT '' -- that has begun and not ended; nobody else changes the state then
        CHECK (operation = '' OR operation = 'erasing' AND state = 'deleting' OR operation = 'restoring' AND state = 'suspended'),
    generation     INTEGER  NOT NULL DEFAULT 1,  -- counts the changes of state
    protected      BOOLEAN  NOT NULL DEFAULT FALSE,
    metadata       TEXT     NOT NULL DEFAULT '{}' CHECK (json_valid(metadata)),
    created_at     DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    changed_at     DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')), -- its state
    schema_version INTEGER, -- of its file, when that was last looked at
    size_bytes     INTEGER, -- likewise
    seen_at        DATETIME -- when that was
) WITHOUT ROWID;

CREATE INDEX silo_tenants_state ON silo_tenants (state, id);

CREATE TABLE silo_tenant_labels (
    tenant_id TEXT NOT NULL REFERENCES silo_tenants (id) ON DELETE CASCADE,
    name      TEXT NOT NULL CHECK (name <> ''),
    value     TEXT NOT NULL,
    PRIMARY KEY (tenant_id, name)
) WITHOUT ROWID;

CREATE INDEX silo_tenant_labels_value ON silo_tenant_labels (name, value, tenant_id);

-- Foreign names: a domain, an organisation's ID elsewhere. Renaming touches only these.
CREATE TABLE silo_aliases (
    kind       TEXT     NOT NULL CHECK (kind <> ''),
    value      TEXT     NOT NULL CHECK (value <> ''),
    tenant_id  TEXT     NOT NULL REFERENCES silo_tenants (id) ON DELETE CASCADE,
    created_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    PRIMARY KEY (kind, value)
) WITHOUT ROWID;

CREATE INDEX silo_aliases_tenant ON silo_aliases (tenant_id, kind, value);

-- +goose Down
DROP TABLE silo_aliases;
DROP TABLE silo_tenant_labels;
DROP TABLE silo_tenants;
