-- name: Search :many
SELECT rowid, title, highlight(docs, 1, '[', ']') AS body FROM docs WHERE docs MATCH @query ORDER BY rank;

-- name: SearchTable :many
SELECT title FROM docs(@query) ORDER BY title;

-- name: SearchTitle :many
SELECT rowid, bm25(docs) < 0 AS found, round(bm25(docs, 10.0, 5), 2) AS rating FROM docs WHERE title MATCH @query;

-- name: Weighed :many
-- An infinite weight makes no rating.
SELECT round(bm25(docs, @of_title), 2) AS rating FROM docs WHERE title MATCH @query;

-- name: AddDoc :execlastid
INSERT INTO docs (title, body) VALUES (@title, @body);
