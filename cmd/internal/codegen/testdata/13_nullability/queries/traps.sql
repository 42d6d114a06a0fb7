-- name: AddMade :one
INSERT INTO made (a, b) VALUES (@a, @b) RETURNING *;

-- name: ListReplaced :many
SELECT * FROM replaced;

-- name: MixedView :many
SELECT CAST(x AS TEXT) AS x FROM mixed ORDER BY x;

-- name: FullUsing :many
-- id is that of either side, so it says nothing of x.
SELECT id, x, y FROM l FULL JOIN r USING (id) WHERE id > 1 ORDER BY id;

-- name: RowValues :many
-- (2, NULL) is greater than (1, 'z'): nothing is said of y.
SELECT l.id, r.y FROM l LEFT JOIN r ON r.id = l.id + 5 WHERE (l.id, r.y) > (@id, @y) ORDER BY l.id;

-- name: NotInNothing :many
-- NULL is not in an empty list.
SELECT r.y FROM l LEFT JOIN r ON r.id = l.id + 5 WHERE r.y NOT IN (sqlc.slice(ys));

-- name: BossesOnly :many
-- What WHERE proves makes no other struct of a whole row.
SELECT * FROM people WHERE boss IS NOT NULL;

-- name: Stale :many
WITH x AS (SELECT y AS name FROM r) SELECT name, (SELECT max(y) FROM r WHERE id < 0) AS none FROM x ORDER BY name;
