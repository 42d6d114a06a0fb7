-- +goose Up
CREATE TABLE users (
    id         TEXT     NOT NULL PRIMARY KEY CHECK (id <> ''),
    email      TEXT     NOT NULL UNIQUE CHECK (email LIKE '%_@_%'),
    name       TEXT     NOT NULL DEFAULT '',
    created_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now'))
);

-- +goose Down
DROP TABLE users;
