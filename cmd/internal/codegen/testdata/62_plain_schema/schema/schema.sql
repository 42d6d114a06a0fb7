-- A plain schema: good to check queries with, not to run.
PRAGMA foreign_keys = ON;
CREATE TABLE sqlite_master (name TEXT); -- some write it so that sqlc knows the table
CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT NOT NULL);
CREATE TRIGGER no_empty BEFORE INSERT ON notes WHEN new.body = '' BEGIN
    SELECT raise(ABORT, 'empty');
END;
