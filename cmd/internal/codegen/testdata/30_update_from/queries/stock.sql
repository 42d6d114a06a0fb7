-- name: Deliver :execrows
UPDATE stock SET n = stock.n + d.n FROM deliveries AS d WHERE d.stock_id = stock.id AND d.n >= @least;

-- name: DeliverReturning :many
UPDATE stock SET n = stock.n + d.n, name = @prefix || stock.name
FROM (SELECT stock_id, sum(n) AS n FROM deliveries GROUP BY stock_id) AS d
WHERE d.stock_id = stock.id
RETURNING id, name, stock.n;
