-- name: Ranks :many
SELECT id, rank() OVER (ORDER BY points DESC) AS rank, row_number() OVER w AS number, ntile(2) OVER w AS half
FROM scores WINDOW w AS (ORDER BY id) ORDER BY id;

-- name: Running :many
SELECT id, sum(points) OVER (PARTITION BY team ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS total,
    avg(points) OVER (ORDER BY id ROWS 1 PRECEDING EXCLUDE CURRENT ROW) AS before
FROM scores ORDER BY id;

-- name: Neighbours :many
-- The first has none before it, unless a default is given.
SELECT id, lag(points) OVER w AS last, lag(points, 1, 0) OVER w AS last_or_zero, first_value(team) OVER w AS first
FROM scores WINDOW w AS (ORDER BY id) ORDER BY id;

-- name: Best :many
SELECT id, team FROM (SELECT id, team, row_number() OVER (PARTITION BY team ORDER BY points DESC) AS place FROM scores)
WHERE place <= @places ORDER BY id;
