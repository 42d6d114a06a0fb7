-- +goose Up
CREATE TABLE memberships (
    tenant_id  TEXT     NOT NULL CHECK (tenant_id <> ''),
    user_id    TEXT     NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role       TEXT     NOT NULL CHECK (role IN ('owner', 'editor', 'viewer')),
    created_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    PRIMARY KEY (tenant_id, user_id)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE memberships;
