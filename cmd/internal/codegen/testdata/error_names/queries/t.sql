-- name: Store :many
SELECT id FROM t;

-- name: Write :exec
DELETE FROM u;

-- name: lower :many
SELECT id FROM t;

-- name: U :many
SELECT id FROM t;

-- name: Twice :many
SELECT id FROM t;

-- name: Twice :many
SELECT id FROM u;

-- name: URLOf :many
SELECT id FROM t;

-- name: UrlOf :many
SELECT id FROM t;

-- name: List :many
SELECT id, t_id FROM u WHERE 1;

-- name: ListRow :many
SELECT id, n FROM t;

-- name: Fields :many
SELECT t.id, u.id FROM t, u;

-- name: NoField :many
SELECT id + 1, n FROM t;
