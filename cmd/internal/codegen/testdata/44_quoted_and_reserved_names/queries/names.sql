-- name: Type :one
SELECT type FROM s WHERE id = @id;

-- name: AddS :one
INSERT INTO s (type, "select", [func], `two words`, "it's") VALUES (@type, @select, @func, @range, @error) RETURNING *;

-- name: ListS :many
SELECT s.* FROM s WHERE s."select" = @interface ORDER BY s.id;

-- name: AddOrder :one
INSERT INTO "order" ("from") VALUES (@from) RETURNING *;

-- name: Orders :many
SELECT "order"."group" AS "for", "from" FROM "order" ORDER BY 1;

-- name: AddRow :one
INSERT INTO "row" (err, ctx, q) VALUES (@err, @ctx, @q) RETURNING *;

-- name: String :one
SELECT count(*) AS string FROM "row" WHERE err = @string;

-- name: Nil :many
SELECT id AS nil, err AS "len" FROM "row";
