-- name: AddNote :one
-- AddNote adds a note and returns it.
INSERT INTO notes (body) VALUES (@body) RETURNING *;

-- name: ListNotes :many
-- ListNotes returns the latest notes, newest first, at most max_rows of them.
SELECT * FROM notes ORDER BY id DESC LIMIT @max_rows;

-- name: DeleteNote :execrows
-- DeleteNote deletes a note, and returns 0 if there is none with that id.
DELETE FROM notes WHERE id = @id;

-- name: CountNotes :one
-- CountNotes returns how many notes there are.
-- @scan ok
SELECT count(*) FROM notes;
