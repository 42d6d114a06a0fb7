-- name: Between :many
SELECT id FROM points WHERE score BETWEEN @low AND @high ORDER BY id;

-- name: BareBetween :many
SELECT id FROM points WHERE score BETWEEN ? AND ? AND grp = ? ORDER BY id LIMIT ? OFFSET ?;

-- name: Numbered :many
SELECT id FROM points WHERE grp = ?2 AND score > ?1 AND ?2 <> '' ORDER BY id;

-- name: SameTwice :many
SELECT id FROM points WHERE score = @n OR id = @n ORDER BY id;

-- name: Having :many
SELECT grp FROM points GROUP BY grp HAVING sum(score) > @least AND count(*) >= @count ORDER BY grp;

-- name: Upsert :one
INSERT INTO points (id, grp, score, note) VALUES (@id, @grp, @score, @note)
ON CONFLICT (id) DO UPDATE SET score = points.score + @added, note = coalesce(@note, note)
WHERE points.score < @limit_score
RETURNING id, score, note;

-- name: OrderedBy :many
SELECT id FROM points ORDER BY CASE WHEN CAST(@descending AS BOOLEAN) THEN -id ELSE id END;

-- name: Add :execrows
UPDATE points SET score = score + @delta, weight = CAST(@weight AS REAL) * 2 WHERE id IN (@first, @second);

-- name: Page :many
-- Page continues behind a row.
SELECT id FROM points WHERE (score, id) > (@score, @id) ORDER BY score, id LIMIT @max_rows;

-- name: Patch :exec
UPDATE points SET note = coalesce(sqlc.narg(note), note), score = coalesce(sqlc.narg(score), score) WHERE id = @id;

-- name: Copy :exec
INSERT INTO points (grp, score, note) SELECT @grp, score, @note FROM points WHERE id = @id;

-- name: NoteIs :many
SELECT id FROM points WHERE note IS @note ORDER BY id;

-- name: Shifted :one
SELECT CAST(@a AS INTEGER) + CAST(@b AS INTEGER) AS sum, @c || '!' AS text, :d = 'x' AS same;

-- name: Since :many
-- @param mod text
SELECT id FROM points WHERE datetime('now') > datetime('now', @mod) AND length(note) >= @least ORDER BY id;

-- name: WeakLiteral :many
SELECT id FROM points WHERE @least_weight = 0 OR weight >= @least_weight ORDER BY id;

-- name: OnlyLiteral :many
SELECT id FROM points WHERE @one = 1 ORDER BY id;
