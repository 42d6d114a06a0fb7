-- name: Untyped :one
SELECT @x AS x;

-- name: Bare :one
SELECT ?;

-- name: Two :many
SELECT id FROM t WHERE id = @x OR name = @x;

-- name: Anything :many
SELECT anything FROM t;

-- name: AnythingParam :many
SELECT id FROM t WHERE anything = @value;

-- name: Star :many
SELECT * FROM t;

-- name: Code :many
SELECT code FROM t;

-- name: UUID :many
SELECT key FROM t;

-- name: Place :many
SELECT place FROM t WHERE id = @id;

-- name: Any :many
SELECT x FROM strict_table;

-- name: Extract :many
SELECT json_extract(name, '$.a') AS a, name ->> 'b' FROM t;

-- name: CastTime :many
SELECT CAST(name AS DATETIME) AS at FROM t;

-- name: Union :many
SELECT id AS x FROM t UNION SELECT name FROM t;

-- name: Case :many
SELECT CASE WHEN id > 1 THEN id ELSE name END AS x FROM t;

-- name: SliceOfUnknown :many
SELECT id FROM t WHERE anything IN (sqlc.slice(values));

-- name: StarOfUnnamed :many
SELECT * FROM (SELECT id, count(*) FROM t GROUP BY id);

-- name: Values :many
VALUES (1, 'a'), (2, x'00');
