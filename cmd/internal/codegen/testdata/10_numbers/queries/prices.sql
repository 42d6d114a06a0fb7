-- name: AddPrice :one
-- SQLite stores the 2 of a NUMERIC column as the INTEGER 2; it is a float64 all the same.
INSERT INTO prices (cents, rate) VALUES (@cents, @rate) RETURNING *;

-- name: Over :many
SELECT id FROM prices WHERE cents > @cents OR rate > @rate ORDER BY id;

-- name: Literals :one
SELECT 1 AS one, 1.5 AS half, 0x10 AS hex, 9223372036854775808 AS beyond, 1e3 AS thousand, -1 AS negative;

-- name: Arithmetic :one
SELECT 7 / 2 AS whole, 7 / 2.0 AS part, 7 % 4 AS rest, 1 + 0.5 AS sum, round(2.567, 1) AS rounded, abs(-3) AS size;
