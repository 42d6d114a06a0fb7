-- name: Search :many
SELECT rowid, title, highlight(docs, 1, '[', ']') AS body FROM docs WHERE docs MATCH @query ORDER BY rank;

-- name: SearchTable :many
SELECT title FROM docs(@query) ORDER BY title;

-- name: SearchTitle :many
SELECT rowid, bm25(docs) < 0 AS found FROM docs WHERE title MATCH @query;

-- name: AddDoc :execlastid
INSERT INTO docs (title, body) VALUES (@title, @body);
