-- name: OrdersOf :many
SELECT sqlc.embed(o), c.name, sqlc.embed(c), o.cents * @factor AS worth
FROM orders AS o JOIN customers AS c ON c.id = o.customer_id
WHERE c.name IN (sqlc.slice(names)) AND o.cents > @least AND o.id IN (sqlc.slice(ids))
ORDER BY o.id;

-- name: GetOrder :one
-- One struct is embedded by several queries.
SELECT sqlc.embed(orders), (SELECT count(*) FROM orders) AS total FROM orders WHERE id = @id;
