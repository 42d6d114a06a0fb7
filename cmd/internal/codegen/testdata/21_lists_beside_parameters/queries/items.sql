-- name: ListFirst :many
SELECT id FROM items WHERE id IN (sqlc.slice(ids)) AND name < @before ORDER BY id;

-- name: ListBetween :many
SELECT id FROM items WHERE size > @least AND id IN (sqlc.slice(ids)) AND size < @most ORDER BY id;

-- name: ListLast :many
SELECT id FROM items WHERE size > @least AND id IN (sqlc.slice(ids)) ORDER BY id LIMIT @max_rows;

-- name: ThreeLists :many
SELECT id FROM items WHERE id IN (sqlc.slice(ids)) OR name IN (sqlc.slice(names)) OR owner IN (sqlc.slice(owners)) ORDER BY id;

-- name: SameListTwice :many
SELECT id FROM items WHERE id IN (sqlc.slice(ns)) OR size + 1 IN (sqlc.slice(ns)) ORDER BY id;

-- name: InAndNotIn :many
SELECT id FROM items WHERE id IN (sqlc.slice(these)) AND id NOT IN (sqlc.slice(but)) ORDER BY id;

-- name: NoOwners :many
-- Nothing is in an empty list, so NOT IN holds for every row, for NULL too.
SELECT id FROM items WHERE owner NOT IN (sqlc.slice(owners)) ORDER BY id;

-- name: SetSize :execrows
UPDATE items SET size = @size WHERE id IN (sqlc.slice(ids)) AND size <> @size;
