-- name: OrdersWithCustomers :many
-- An order without a customer has a nil one.
SELECT sqlc.embed(orders), sqlc.embed(customers)
FROM orders LEFT JOIN customers ON customers.id = orders.customer_id ORDER BY orders.id;

-- name: CustomersWithOrders :many
SELECT sqlc.embed(orders), sqlc.embed(customers)
FROM orders RIGHT JOIN customers ON customers.id = orders.customer_id ORDER BY customers.id;

-- name: All :many
SELECT sqlc.embed(o), sqlc.embed(c)
FROM orders AS o FULL JOIN customers AS c ON c.id = o.customer_id ORDER BY o.id, c.id;

-- name: OrdersWithRemarks :many
-- Of an order without a remark it has NULLs, for no column of a remark is NOT NULL.
SELECT sqlc.embed(orders), sqlc.embed(remarks)
FROM orders LEFT JOIN remarks ON remarks.order_id = orders.id ORDER BY orders.id;
