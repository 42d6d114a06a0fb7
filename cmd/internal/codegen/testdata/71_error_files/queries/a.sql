-- name: Empty :one

-- name: NotEnded :many
SELECT id FROM t

-- name: Next :many
SELECT id FROM t;

-- name Bad one
SELECT id FROM t;

-- name: TooMany :one :many
SELECT id FROM t;

-- name: two words :one
SELECT id FROM t;

-- name: First :one
-- name: Second :one
SELECT id FROM t;

-- name: Last :one
