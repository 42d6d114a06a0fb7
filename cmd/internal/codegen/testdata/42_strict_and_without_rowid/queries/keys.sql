-- name: Set :one
-- A key of a table WITHOUT ROWID is never NULL.
INSERT INTO settings (key, value, n) VALUES (@key, @value, @n) ON CONFLICT (key) DO UPDATE SET value = @value RETURNING *;

-- name: AddPair :execlastid
-- There is no rowid to return: it is 0.
INSERT INTO pairs (a, b) VALUES (@a, @b);

-- name: PairsOf :many
SELECT * FROM pairs WHERE a = @a ORDER BY b;
