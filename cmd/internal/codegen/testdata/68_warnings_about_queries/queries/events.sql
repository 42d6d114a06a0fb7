-- name: NoIndex :many
SELECT id FROM events WHERE at > @since;

-- name: NoUseOfAnIndex :many
SELECT id FROM events WHERE lower(kind) = @kind;

-- name: Whole :many
SELECT id, body FROM events;

-- name: Sorted :many
SELECT id FROM events WHERE kind = @kind ORDER BY at;

-- name: JoinedWithoutIndex :many
SELECT a.id FROM events AS a JOIN events AS b ON b.body = a.body WHERE a.id = @id;

-- name: Indexed :many
SELECT id FROM events WHERE kind = @kind;

-- name: Meant :many
-- @scan ok
SELECT id FROM events WHERE at > @since;

-- name: Small :many
SELECT title FROM kinds ORDER BY title;

-- name: WrongMark :one
-- @scan yes
SELECT kind FROM events WHERE id = @id;
