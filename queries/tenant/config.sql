-- name: GetConfig :one
-- GetConfig returns the setting of the given key.
SELECT *
FROM config
WHERE key = @key;

-- name: ListConfig :many
-- ListConfig returns every setting in the order of the keys.
SELECT *
FROM config
ORDER BY key;

-- name: SetConfig :exec
-- SetConfig writes a setting, whether or not there was one of that key.
INSERT INTO config (key, value, updated_by)
VALUES (@key, @value, @updated_by)
ON CONFLICT (key) DO UPDATE
SET value = excluded.value, updated_by = excluded.updated_by, updated_at = excluded.updated_at;

-- name: UpdateConfigValue :execrows
-- UpdateConfigValue changes a setting that exists. It returns 0 when there is none of
-- that key.
UPDATE config
SET value = @value, updated_by = @updated_by, updated_at = strftime('%Y-%m-%d %H:%M:%f', 'now')
WHERE key = @key;
