-- +goose Up
-- What was done to tenants, by whom, and how it ended. Nothing of it is rewritten or taken
-- away, but for who and what in the entries about a tenant that is not known any more, when
-- that is erased, and aliases that it has had, and nobody has, in those about others;
-- tenant_id refers to nothing, for entries outlast what they are about.
CREATE TABLE silo_audit (
    id        INTEGER  PRIMARY KEY,
    at        DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    actor     TEXT     NOT NULL,
    operation TEXT     NOT NULL CHECK (operation <> ''),
    tenant_id TEXT     NOT NULL,
    result    TEXT     NOT NULL,
    detail    TEXT     NOT NULL DEFAULT '{}' CHECK (json_valid(detail))
);

CREATE INDEX silo_audit_tenant ON silo_audit (tenant_id, id);

-- +goose StatementBegin
CREATE TRIGGER silo_audit_keeps_entries
BEFORE UPDATE ON silo_audit
WHEN (NEW.id, NEW.at, NEW.operation, NEW.tenant_id, NEW.result) IS NOT (OLD.id, OLD.at, OLD.operation, OLD.tenant_id, OLD.result)
    OR NOT (
        NEW.actor = 'erased' AND NEW.detail = '{"erased":true}'
            AND OLD.tenant_id <> '' AND NOT EXISTS (SELECT 1 FROM silo_tenants WHERE id = OLD.tenant_id)
        OR NEW.actor = OLD.actor AND NEW.detail = json_set(json_remove(OLD.detail, '$.value'), '$.erased', json('true'))
            AND OLD.operation IN ('add alias', 'move alias', 'remove alias')
            AND NOT EXISTS (SELECT 1 FROM silo_aliases WHERE (kind, value) = (OLD.detail ->> 'kind', OLD.detail ->> 'value'))
    )
BEGIN
    SELECT RAISE(ABORT, 'silo_audit is append-only: entries are not rewritten');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER silo_audit_loses_none
BEFORE DELETE ON silo_audit
BEGIN
    SELECT RAISE(ABORT, 'silo_audit is append-only: entries are not removed');
END;
-- +goose StatementEnd

-- INSERT OR REPLACE would remove without asking the trigger above.
-- +goose StatementBegin
CREATE TRIGGER silo_audit_replaces_none
BEFORE INSERT ON silo_audit
WHEN EXISTS (SELECT 1 FROM silo_audit WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'silo_audit is append-only: entries are not replaced');
END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE silo_audit;
