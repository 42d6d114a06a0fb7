-- +goose Up
-- A full-text index knows its rows by number, and VACUUM may renumber the rows of a
-- table whose key is text. action_documents gives each action a number that stays.
CREATE TABLE action_documents (
    id        INTEGER PRIMARY KEY,
    action_id TEXT    NOT NULL UNIQUE REFERENCES actions (id) ON DELETE CASCADE
);

CREATE VIRTUAL TABLE action_search USING fts5 (
    name,
    description,
    tokenize = 'unicode61 remove_diacritics 2'
);

INSERT INTO action_documents (action_id)
SELECT id
FROM actions
ORDER BY id;

INSERT INTO action_search (rowid, name, description)
SELECT action_documents.id, actions.name, actions.description
FROM action_documents
JOIN actions ON actions.id = action_documents.action_id;

-- +goose StatementBegin
CREATE TRIGGER action_search_insert
AFTER INSERT ON actions
BEGIN
    INSERT INTO action_documents (action_id) VALUES (new.id);
    INSERT INTO action_search (rowid, name, description)
    SELECT id, new.name, new.description
    FROM action_documents
    WHERE action_id = new.id;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER action_search_update
AFTER UPDATE OF name, description ON actions
BEGIN
    UPDATE action_search
    SET name = new.name, description = new.description
    WHERE rowid = (SELECT id FROM action_documents WHERE action_id = new.id);
END;
-- +goose StatementEnd

-- An action's document goes with it by the reference, and takes its words along.
-- +goose StatementBegin
CREATE TRIGGER action_search_delete
AFTER DELETE ON action_documents
BEGIN
    DELETE FROM action_search WHERE rowid = old.id;
END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER action_search_delete;
DROP TRIGGER action_search_update;
DROP TRIGGER action_search_insert;
DROP TABLE action_search;
DROP TABLE action_documents;
