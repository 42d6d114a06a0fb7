-- name: Other :many
-- What may be compared with NULL may be NULL.
SELECT id FROM people WHERE nick IS DISTINCT FROM @nick ORDER BY id;

-- name: Same :many
SELECT id FROM people WHERE nick IS NOT DISTINCT FROM @nick ORDER BY id;

-- name: Is :many
SELECT id FROM people WHERE nick IS @nick AND age IS NOT @age ORDER BY id;

-- name: Changed :execrows
UPDATE people SET nick = @nick WHERE id = @id AND nick IS DISTINCT FROM @nick;
