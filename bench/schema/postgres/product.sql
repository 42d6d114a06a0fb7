-- The tables of schema/shared/product.sql in PostgreSQL: the server adds the tenant to each
-- statement, by row-level security. The role app owns nothing and cannot bypass it.
CREATE ROLE app LOGIN;

CREATE FUNCTION tenant() RETURNS integer LANGUAGE sql STABLE AS $$ SELECT current_setting('bench.tenant')::integer $$;

CREATE TABLE modules (
    tenant_id   integer     NOT NULL DEFAULT tenant(),
    id          text        NOT NULL CHECK (id <> ''),
    slug        text        NOT NULL CHECK (slug <> ''),
    name        text        NOT NULL CHECK (name <> ''),
    enabled     boolean     NOT NULL DEFAULT FALSE,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    description text        NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, slug)
);

CREATE TABLE config (
    tenant_id  integer     NOT NULL DEFAULT tenant(),
    key        text        NOT NULL CHECK (key <> ''),
    value      text        NOT NULL,
    updated_by text,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, key)
);

CREATE TABLE audit_log (
    id           bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id    integer     NOT NULL DEFAULT tenant(),
    actor        text        NOT NULL CHECK (actor <> ''),
    event        text        NOT NULL CHECK (event <> ''),
    subject_kind text        NOT NULL,
    subject_id   text        NOT NULL,
    detail       text        CHECK (detail IS NULL OR detail::json IS NOT NULL),
    created_at   timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX audit_log_by_tenant ON audit_log (tenant_id, id);
CREATE INDEX audit_log_by_subject ON audit_log (tenant_id, subject_kind, subject_id);

ALTER TABLE modules ENABLE ROW LEVEL SECURITY;
ALTER TABLE config ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_log ENABLE ROW LEVEL SECURITY;

CREATE POLICY own ON modules USING (tenant_id = tenant());
CREATE POLICY own ON config USING (tenant_id = tenant());
CREATE POLICY own ON audit_log USING (tenant_id = tenant());

GRANT SELECT, INSERT, UPDATE, DELETE ON modules, config, audit_log TO app;
