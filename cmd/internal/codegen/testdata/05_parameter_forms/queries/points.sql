-- name: At :many
SELECT id FROM points WHERE grp = @grp ORDER BY id;

-- name: Colon :many
SELECT id FROM points WHERE grp = :grp ORDER BY id;

-- name: Dollar :many
SELECT id FROM points WHERE grp = $grp ORDER BY id;

-- name: Bare :many
SELECT id FROM points WHERE grp = ? AND score >= ? ORDER BY id;

-- name: Numbered :many
SELECT id FROM points WHERE score >= ?2 AND grp = ?1 ORDER BY id;

-- name: BareBesideNamed :execrows
-- sqlc numbers these by place and by name, and the update hits nothing.
UPDATE points SET score = ? WHERE id = sqlc.arg(id) AND grp = ?;

-- name: FiveTimes :many
-- One parameter in five places is one argument.
SELECT id FROM points
WHERE id = @n OR score = @n OR score = @n * 10 OR id + 1 = @n AND score < @n
ORDER BY id;

-- name: ListThenNamed :many
SELECT id FROM points WHERE id IN (sqlc.slice(ids)) AND grp = @grp AND score < @below;

-- name: Dollars :many
SELECT id FROM points WHERE grp = $1 AND score > $2 OR score = $2 + 1;
