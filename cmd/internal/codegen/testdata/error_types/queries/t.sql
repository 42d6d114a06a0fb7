-- name: Param :many
SELECT id FROM t WHERE @flag;

-- name: Untyped :one
SELECT @x AS x;

-- name: Two :many
SELECT id FROM t WHERE id = @x OR name = @x;

-- name: Decimal :many
SELECT price FROM t;

-- name: DecimalParam :many
SELECT id FROM t WHERE price > @price;

-- name: Star :many
SELECT * FROM t;

-- name: Extract :many
SELECT json_extract(note, '$.a') AS a FROM t;

-- name: Mixed :many
SELECT coalesce(avg(n), 0) AS average FROM t;

-- name: CastTime :many
SELECT CAST(note AS DATETIME) AS at FROM t;

-- name: Union :many
SELECT id AS x FROM t UNION SELECT name FROM t;

-- name: Embed :many
SELECT sqlc.embed(t), sqlc.embed(u) FROM u LEFT JOIN t ON t.id = u.t_id;

-- name: EmbedDecimal :many
SELECT sqlc.embed(t), u.id FROM u JOIN t ON t.id = u.t_id;

-- name: Hint :many
-- @column nam not null
SELECT name FROM t;

-- name: StarOfUnnamed :many
SELECT * FROM (SELECT id, count(*) FROM u GROUP BY id);

-- name: Arithmetic :exec
UPDATE t SET n = @n * 2;

-- name: InsertPastGenerated :exec
-- Which column a value goes into cannot be told by its place.
INSERT INTO made VALUES (@a, @b);
