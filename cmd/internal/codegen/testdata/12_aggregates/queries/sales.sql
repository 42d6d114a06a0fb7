-- name: AddSale :exec
INSERT INTO sales (shop, cents, rebate, at) VALUES (@shop, @cents, @rebate, @at);

-- name: Totals :one
-- Over no rows all but count and total are NULL.
SELECT count(*) AS n, count(rebate) AS rebates, sum(cents) AS cents, total(cents) AS total, avg(cents) AS average,
    min(cents) AS least, max(at) AS latest, group_concat(shop, ', ') AS shops
FROM sales;

-- name: TotalOrZero :one
SELECT coalesce(sum(cents), 0) AS cents, coalesce(avg(cents), 0) AS average FROM sales;

-- name: ByShop :many
-- In a group there is a row at least, so a sum of what is NOT NULL is not NULL.
SELECT shop, sum(cents) AS cents, sum(rebate) AS rebate, max(at) AS latest FROM sales GROUP BY shop ORDER BY shop;

-- name: Filtered :one
SELECT count(*) FILTER (WHERE cents > @least) AS dear, sum(cents) FILTER (WHERE shop = @shop) AS of_shop FROM sales;

-- name: CountDistinct :one
SELECT count(DISTINCT shop) FROM sales;
