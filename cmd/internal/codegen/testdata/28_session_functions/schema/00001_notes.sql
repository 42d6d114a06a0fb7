-- +goose Up
CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT NOT NULL);
CREATE VIEW last AS SELECT last_insert_rowid() AS id;
CREATE VIEW later AS SELECT id + 1 AS id FROM last;
-- What a default or a trigger asks may be of another caller too, but not the row just
-- inserted.
CREATE TABLE threads (id INTEGER PRIMARY KEY);
CREATE TABLE replies (
    id        INTEGER PRIMARY KEY,
    thread_id INTEGER REFERENCES threads (id) ON DELETE CASCADE,
    note_id   INTEGER NOT NULL DEFAULT (last_insert_rowid())
);
CREATE INDEX replies_thread ON replies (thread_id);
CREATE TABLE copies (id INTEGER PRIMARY KEY, note_id INTEGER NOT NULL);
CREATE TABLE counts (changed INTEGER NOT NULL);
-- +goose StatementBegin
CREATE TRIGGER copied AFTER INSERT ON copies BEGIN
    UPDATE copies SET note_id = last_insert_rowid() WHERE id = NEW.id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER removed BEFORE DELETE ON replies BEGIN
    INSERT INTO counts (changed) VALUES (changes());
END;
-- +goose StatementEnd
