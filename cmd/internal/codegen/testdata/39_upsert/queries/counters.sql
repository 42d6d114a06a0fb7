-- name: Count :one
INSERT INTO counters (name, n) VALUES (@name, @n)
ON CONFLICT (name) DO UPDATE SET n = n + excluded.n, note = @note
RETURNING *;

-- name: Several :execrows
INSERT INTO counters (name, n, code) VALUES (@name, 0, @code)
ON CONFLICT (name) DO UPDATE SET code = excluded.code
ON CONFLICT (code) DO NOTHING;

-- name: CopyCounters :execrows
INSERT INTO counters (name, n) SELECT name || @suffix, n FROM counters WHERE true
ON CONFLICT DO NOTHING;

-- name: PutOr :exec
INSERT OR IGNORE INTO counters (name, n) VALUES (@name, @n);
