;
-- name: First :one
SELECT name FROM t WHERE id = @id
;
;

;; -- name: Second :one
SELECT name || ';' FROM t WHERE id = @id; -- done; really
/* ; */

-- name: Third :one
SELECT 'x''y;' AS quoted, "name" AS [a;b] FROM t WHERE id = @id
