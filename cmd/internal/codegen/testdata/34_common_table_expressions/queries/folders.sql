-- name: Below :many
WITH RECURSIVE below (id, path, depth) AS (
    SELECT id, name, 0 FROM folders WHERE id = @root
    UNION ALL
    SELECT f.id, below.path || '/' || f.name, below.depth + 1 FROM folders AS f JOIN below ON f.parent = below.id
    WHERE below.depth < @max_depth
)
SELECT id, path, depth FROM below ORDER BY path;

-- name: Count :many
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @up_to) SELECT i FROM n;

-- name: Two :many
-- The column of a common table expression is compared with a parameter.
WITH a AS (SELECT id, name AS label FROM folders), b AS MATERIALIZED (SELECT label, count(*) AS n FROM a GROUP BY label)
SELECT label, n FROM b WHERE label > @after ORDER BY label;

-- name: DeleteBelow :execrows
WITH RECURSIVE below (id) AS (
    SELECT id FROM folders WHERE parent = @root UNION SELECT f.id FROM folders AS f JOIN below ON f.parent = below.id
)
DELETE FROM folders WHERE id IN (SELECT id FROM below);
