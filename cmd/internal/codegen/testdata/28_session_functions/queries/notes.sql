-- name: AddNote :exec
INSERT INTO notes (body) VALUES (@body);

-- name: LastNote :one
-- It has to run in the transaction that wrote the note.
SELECT id, body FROM notes WHERE id = last_insert_rowid();

-- name: Changed :one
SELECT changes() AS now, total_changes() > 0 AS ever;

-- name: AddReply :exec
INSERT INTO notes (body) VALUES ('reply to ' || last_insert_rowid());

-- name: LastByView :one
SELECT id FROM later;
