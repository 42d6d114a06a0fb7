-- +goose Up
-- Ann@example.com and ann@example.com are one mailbox, so only one user may have it.
-- A database in which two do stays at the version before, and says so. The
-- collation of a column can only be changed by building the table anew; memberships
-- references it by name and keeps every row.
CREATE TABLE users_rebuilt (
    id         TEXT     NOT NULL PRIMARY KEY CHECK (id <> ''),
    email      TEXT     NOT NULL COLLATE NOCASE UNIQUE CHECK (email LIKE '%_@_%'),
    name       TEXT     NOT NULL DEFAULT '',
    created_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now'))
);

INSERT INTO users_rebuilt (id, email, name, created_at)
SELECT id, email, name, created_at
FROM users;

DROP TABLE users;

ALTER TABLE users_rebuilt RENAME TO users;

-- +goose Down
CREATE TABLE users_rebuilt (
    id         TEXT     NOT NULL PRIMARY KEY CHECK (id <> ''),
    email      TEXT     NOT NULL UNIQUE CHECK (email LIKE '%_@_%'),
    name       TEXT     NOT NULL DEFAULT '',
    created_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now'))
);

INSERT INTO users_rebuilt (id, email, name, created_at)
SELECT id, email, name, created_at
FROM users;

DROP TABLE users;

ALTER TABLE users_rebuilt RENAME TO users;
