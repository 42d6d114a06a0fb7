-- name: Plain :many
SELECT * FROM a ORDER BY id;

-- name: Using :many
SELECT * FROM a JOIN b USING (id);

-- name: Aliased :many
SELECT one.*, two.y FROM a AS one LEFT JOIN b AS two ON two.id = one.id ORDER BY one.id;

-- name: OfCte :many
WITH c AS (SELECT *, id + 1 AS next FROM a) SELECT * FROM c WHERE next > @least ORDER BY id;

-- name: OfSubquery :many
SELECT * FROM (SELECT id, count(*) AS "how many" FROM b GROUP BY id) AS s ORDER BY id;

-- name: Full :many
SELECT * FROM a FULL JOIN b USING (id) ORDER BY id;

-- name: Exists :many
SELECT x FROM a WHERE EXISTS (SELECT * FROM b WHERE b.id = a.id);

-- name: Counted :one
SELECT count(*) * 2 FROM a, b;
