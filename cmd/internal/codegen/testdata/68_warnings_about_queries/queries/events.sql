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

-- name: Touch :exec
UPDATE events SET at = CURRENT_TIMESTAMP WHERE id = @id;

-- name: Shift :exec
UPDATE events SET at = datetime('now', '-1 day') WHERE id = @id;

-- name: NewerThanNow :many
SELECT id FROM events WHERE kind = @kind AND at > datetime('now');

-- name: RightFormat :exec
UPDATE events SET at = strftime('%Y-%m-%d %H:%M:%f', 'now') WHERE id = @id;

-- name: OneInList :many
SELECT id FROM events WHERE kind IN (@kinds) OR kind NOT IN (?) OR id IN (1, @other);

-- name: LastIDOfNone :execlastid
WITH old (id) AS (SELECT @id) UPDATE events SET body = @body WHERE id IN (SELECT id FROM old);

-- name: Misspelt :many
-- @scna ok
-- @params moment datetime
-- @column: id integer
-- @scan
-- @since is for readers
SELECT id FROM events WHERE kind = @kind;

-- name: Quoted :many
SELECT title FROM kinds WHERE title <> "no such column" ORDER BY title;
