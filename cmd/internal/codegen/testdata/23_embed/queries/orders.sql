-- name: ListOrders :many
SELECT sqlc.embed(orders), sqlc.embed(customers), orders.cents * 2 AS twice
FROM orders JOIN customers ON customers.id = orders.customer_id
WHERE orders.id IN (sqlc.slice(ids)) AND customers.name <> @name
ORDER BY orders.id;

-- name: GetPair :one
SELECT sqlc.embed(a), sqlc.embed(b) FROM orders AS a JOIN orders AS b ON b.id = a.id + 1 WHERE a.id = @id;
