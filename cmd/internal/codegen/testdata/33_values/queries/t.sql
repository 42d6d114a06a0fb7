-- name: Rows :many
VALUES (1, 'one'), (2, 'two');

-- name: Given :many
VALUES (CAST(@first AS INTEGER)), (CAST(@second AS INTEGER));

-- name: InValues :many
SELECT name FROM t WHERE id IN (VALUES (1), (CAST(@id AS INTEGER))) ORDER BY id;

-- name: Joined :many
WITH v (id, label) AS (VALUES (1, 'x'), (2, 'y')) SELECT v.label, t.name FROM v LEFT JOIN t ON t.id = v.id ORDER BY v.id;
