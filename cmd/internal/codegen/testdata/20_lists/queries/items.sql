-- name: ByIDs :many
-- The list stands in front of other parameters.
SELECT id FROM items WHERE id IN (sqlc.slice(ids)) AND name < @before AND id > @after ORDER BY id;

-- name: ByNames :many
SELECT id FROM items WHERE name IN (sqlc.slice('names')) ORDER BY id;

-- name: NotByIDs :many
SELECT id FROM items WHERE id NOT IN (sqlc.slice(ids)) ORDER BY id;

-- name: ByOwners :many
SELECT id FROM items WHERE owner IN (sqlc.slice(owners)) OR id IN (sqlc.slice(ids)) OR name = @name ORDER BY id;

-- name: DeleteByIDs :execrows
DELETE FROM items WHERE id IN (sqlc.slice(ids));
