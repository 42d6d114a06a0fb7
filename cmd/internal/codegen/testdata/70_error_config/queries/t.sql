-- name: A :many
SELECT id FROM t;

-- name: FoundBesideWrongOptions :many
SELECT nam FROM t;
