-- name: AddNote :exec
INSERT INTO notes (body) VALUES (@body);

-- name: RemoveReply :exec
DELETE FROM replies WHERE id = @id;

-- name: LastNote :one
-- It has to run in the transaction that wrote the note.
SELECT id, body FROM notes WHERE id = last_insert_rowid();

-- name: Changed :one
SELECT changes() AS now, total_changes() > 0 AS ever;

-- name: AddReply :exec
INSERT INTO notes (body) VALUES ('reply to ' || last_insert_rowid());

-- name: LastByView :one
SELECT id FROM later;

-- name: AddDefaultReply :one
INSERT INTO replies DEFAULT VALUES RETURNING note_id;

-- name: AddCopy :exec
INSERT INTO copies (note_id) VALUES (0);

-- name: RemoveCopy :exec
-- Its trigger asks of the copy itself.
DELETE FROM copies WHERE id = @id;

-- name: CopiedFrom :many
-- @scan ok
SELECT note_id FROM copies ORDER BY id;

-- name: RemoveThread :exec
-- Its replies go with it, and their trigger asks.
DELETE FROM threads WHERE id = @id;
