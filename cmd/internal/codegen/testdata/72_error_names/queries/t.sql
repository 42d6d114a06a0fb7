-- name: Reader :many
SELECT id FROM t;

-- name: reader :many
SELECT id FROM t;

-- name: b :exec
DELETE FROM t;

-- name: func :many
SELECT id FROM t;

-- name: _ :many
SELECT id FROM t;

-- name: Twice :many
SELECT id FROM t;

-- name: Twice :many
SELECT id FROM u;

-- name: List :many
SELECT id, n FROM t WHERE id = @id AND name = @name;

-- name: list :many
SELECT id, n FROM t WHERE id = @id AND name = @name;

-- name: SomeRow :many
SELECT id, n FROM t;

-- name: Some :many
SELECT id, name FROM t;

-- name: SameField :many
SELECT id FROM t WHERE id = @some_id AND name = @some__id;

-- name: NoField :many
SELECT id FROM t WHERE id = @__;

-- name: EmbedReserved :many
SELECT sqlc.embed(stores), 1 AS one FROM stores;

-- name: EmbedReservedAgain :many
SELECT sqlc.embed(stores), 2 AS two FROM stores;
