-- +goose Up
-- silo: small
CREATE TABLE account (
    id      INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    balance INTEGER NOT NULL CHECK (balance >= 0) -- in cents
);
INSERT INTO account (id, balance) VALUES (1, 10000);

-- What other tenants are to be told.
CREATE TABLE outbox (
    id        INTEGER PRIMARY KEY, -- the order
    message   TEXT    NOT NULL UNIQUE, -- drawn at random, so that none comes twice, not even after a restore
    recipient TEXT    NOT NULL, -- a tenant's ID
    amount    INTEGER NOT NULL CHECK (amount > 0),
    delivered BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE INDEX outbox_open ON outbox (id) WHERE NOT delivered;
CREATE INDEX outbox_recipient ON outbox (recipient);

-- The messages that have taken effect here.
CREATE TABLE inbox (
    message TEXT NOT NULL PRIMARY KEY
) WITHOUT ROWID;

-- +goose Down
DROP TABLE inbox;
DROP TABLE outbox;
DROP TABLE account;
