-- +goose Up
-- Keys by which programs say which tenant they act for. Of the key itself nothing is kept
-- but the hash: who reads this table, or a copy of it, can let nobody in.
CREATE TABLE silo_api_keys (
    id          TEXT     NOT NULL PRIMARY KEY CHECK (length(id) = 16), -- no secret
    tenant_id   TEXT     NOT NULL REFERENCES silo_tenants (id) ON DELETE CASCADE,
    hash        BLOB     NOT NULL CHECK (length(hash) = 32), -- SHA-256 of the whole key
    label       TEXT     NOT NULL DEFAULT '',
    created_at  DATETIME NOT NULL,
    expires_at  DATETIME, -- the first moment at which it lets nobody in
    revoked_at  DATETIME,
    replaced_by TEXT,     -- the key that it was rotated to
    used_at     DATETIME  -- about when it was last used; it may lag by an hour
) WITHOUT ROWID;

CREATE INDEX silo_api_keys_tenant ON silo_api_keys (tenant_id, id);

-- That a key was used changes nobody whom it lets in.
-- +goose StatementBegin
CREATE TRIGGER silo_changes_of_new_key
AFTER INSERT ON silo_api_keys
BEGIN
    UPDATE silo_changes SET count = count + 1;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER silo_changes_of_key
AFTER UPDATE OF id, tenant_id, hash, expires_at, revoked_at ON silo_api_keys
BEGIN
    UPDATE silo_changes SET count = count + 1;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER silo_changes_of_old_key
AFTER DELETE ON silo_api_keys
BEGIN
    UPDATE silo_changes SET count = count + 1;
END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE silo_api_keys;
