-- name: AddSample :exec
INSERT INTO samples (ratio, flag, at, name, size) VALUES (@ratio, @flag, @at, @name, @size);

-- name: ByRatio :many
SELECT id FROM samples WHERE ratio IN (sqlc.slice(ratios)) ORDER BY id;

-- name: ByFlag :many
SELECT id FROM samples WHERE flag IN (sqlc.slice(flags)) ORDER BY id;

-- name: ByTime :many
SELECT id FROM samples WHERE at IN (sqlc.slice(times)) ORDER BY id;

-- name: ByName :many
SELECT id FROM samples WHERE name IN (sqlc.slice(names)) ORDER BY id;

-- name: BySize :many
SELECT id FROM samples WHERE size IN (sqlc.slice(sizes)) ORDER BY id;

-- name: ByRounded :many
SELECT id FROM samples WHERE round(ratio) IN (sqlc.slice(ratios)) ORDER BY id;
