-- name: ByType :many
SELECT * FROM addresses WHERE type = @type;

-- name: ByQuery :many
SELECT id FROM addresses WHERE user_id = @query;

-- name: ByString :many
SELECT id FROM addresses WHERE user_id = @string;

-- name: ByCtx :many
SELECT id FROM addresses WHERE user_id = @ctx;

-- name: ByQ :many
SELECT id FROM addresses WHERE user_id = @q;

-- name: Range :many
SELECT id FROM addresses WHERE user_id = @range;

-- name: Query :one
SELECT count(*) FROM addresses WHERE user_id = @arg;

-- name: URLOf :one
SELECT url_id FROM addresses WHERE id = @url_of;

-- name: GetAuditLog :one
SELECT * FROM audit_log WHERE id = @id;

-- name: AddAuditLog :exec
INSERT INTO audit_log ("select") VALUES (@select);

-- name: ListStores :many
SELECT * FROM stores;

-- name: ListCampus :many
SELECT id, 'a`b' AS tick FROM campus;

-- name: Amounts :many
SELECT id, CAST(amount AS REAL) AS amount FROM amounts;

-- name: Init :one
SELECT 1 AS n;

-- name: ListFigures :many
SELECT * FROM SALES_FIGURES WHERE COUNT_RECORD > ?;

-- name: Total :many
SELECT SUM(COUNT_RECORD) AS TOTAL, WhoSold FROM SALES_FIGURES GROUP BY WhoSold;
