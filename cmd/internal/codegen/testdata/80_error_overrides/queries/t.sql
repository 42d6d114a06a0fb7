-- name: Both :many
SELECT id FROM t WHERE a = @x OR b = @x;
