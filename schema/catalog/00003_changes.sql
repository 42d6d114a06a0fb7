-- +goose Up
-- Counts what may change who is let in, so that a process that remembers states and aliases
-- reads one number after a commit to the file, and not all of them anew.
-- silo: small
CREATE TABLE silo_changes (
    one   INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    count INTEGER NOT NULL
);

INSERT INTO silo_changes (one, count) VALUES (1, 0);

-- +goose StatementBegin
CREATE TRIGGER silo_changes_of_new
AFTER INSERT ON silo_tenants
BEGIN
    UPDATE silo_changes SET count = count + 1;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER silo_changes_of_state
AFTER UPDATE OF state, suspension, reason, generation ON silo_tenants
BEGIN
    UPDATE silo_changes SET count = count + 1;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER silo_changes_of_old
AFTER DELETE ON silo_tenants
BEGIN
    UPDATE silo_changes SET count = count + 1;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER silo_changes_of_new_alias
AFTER INSERT ON silo_aliases
BEGIN
    UPDATE silo_changes SET count = count + 1;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER silo_changes_of_moved_alias
AFTER UPDATE ON silo_aliases
BEGIN
    UPDATE silo_changes SET count = count + 1;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER silo_changes_of_old_alias
AFTER DELETE ON silo_aliases
BEGIN
    UPDATE silo_changes SET count = count + 1;
END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER silo_changes_of_old_alias;
DROP TRIGGER silo_changes_of_moved_alias;
DROP TRIGGER silo_changes_of_new_alias;
DROP TRIGGER silo_changes_of_old;
DROP TRIGGER silo_changes_of_state;
DROP TRIGGER silo_changes_of_new;
DROP TABLE silo_changes;
