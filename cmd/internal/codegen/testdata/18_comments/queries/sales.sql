-- This is about the file, not about a query: an empty line follows it.

-- SumByDay sums the sales of each day.
-- name: SumByDay :many
-- @param since datetime
-- @column total real not null
-- @column day not null
SELECT date(created_at) AS day, sum(amount * factor) AS total FROM sales WHERE created_at >= @since GROUP BY day;

/* name: Block :one */
/* Block comments
   document too. */
SELECT id FROM sales WHERE id = @id;

-- name: Nullable :many
-- @param day text null
SELECT id FROM sales WHERE @day IS NULL OR date(created_at) = @day;

-- name: Bare :one
-- @param 1 integer
-- @column x integer null
SELECT ? AS x;

-- name: Whole :many
-- @scan ok
SELECT id FROM sales WHERE amount > @least;
