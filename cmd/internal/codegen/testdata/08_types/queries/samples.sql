-- name: AddSample :one
INSERT INTO samples (flag, maybe, at, maybe_at, day, big, price, maybe_price, code, data, maybe_data)
VALUES (@flag, @maybe, @at, @maybe_at, @day, @big, @price, @maybe_price, @code, @data, @maybe_data)
RETURNING *;

-- name: ListSince :many
SELECT id, at FROM samples WHERE at >= @since AND flag ORDER BY at;

-- name: Latest :one
SELECT max(at) FROM samples;

-- name: NextDay :one
-- @column next datetime not null
SELECT strftime('%Y-%m-%d %H:%M:%f', at, '+1 day') AS next FROM samples WHERE id = @id;

-- name: Flags :one
SELECT count(*) FILTER (WHERE flag) AS yes, sum(flag) AS total, min(price) AS cheapest, avg(big) AS average FROM samples;

-- name: AddDoc :exec
INSERT INTO docs (title, body) VALUES (@title, @body);

-- name: SearchDocs :many
SELECT rowid, title, snippet(docs, 1, '[', ']', '…', 4) AS part FROM docs WHERE docs MATCH @query ORDER BY rank;

-- name: JSON :one
SELECT CAST(json_extract('{"a": 5}', '$.a') AS INTEGER) AS a, CAST('{"b": "x"}' ->> 'b' AS TEXT) AS b, json_array(1, 2) AS list;
