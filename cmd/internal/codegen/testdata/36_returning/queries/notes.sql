-- name: AddNote :one
INSERT INTO notes (body) VALUES (@body) RETURNING id, upper(body) AS loud, size * 2 AS twice, at, @tag || '!' AS tag;

-- name: AddTwo :many
INSERT INTO notes (body) VALUES (@first), (@second) RETURNING *;

-- name: Shorten :many
UPDATE notes SET body = substr(body, 1, @n) RETURNING id, body, CASE WHEN size > 1 THEN 'long' END AS note;

-- name: Remove :one
DELETE FROM notes WHERE id = @id RETURNING body;

-- name: Replace :one
REPLACE INTO notes (id, body) VALUES (@id, @body) RETURNING id, body, (SELECT count(*) FROM notes) AS total;

-- name: Untag :many
DELETE FROM notes WHERE tag = @tag RETURNING id, tag;

-- name: Tag :one
UPDATE notes SET tag = coalesce(@tag, 'none') WHERE id = @id RETURNING tag;
