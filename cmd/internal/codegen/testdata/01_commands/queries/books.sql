-- Everything about books. This says what the file holds and belongs to no query.

-- name: AddBook :one
-- AddBook adds a book
-- and returns it.
INSERT INTO books (title, pages) VALUES (@title, @pages)
RETURNING *;

/* name: GetBook :one */
SELECT * FROM books WHERE id = ?;

-- ListTitles returns all titles.
-- name: ListTitles :many
SELECT title FROM books ORDER BY title;
;

-- name: ListShort :many
-- A row of its own, for two columns are not a book.
SELECT id, title /* not the rest */ FROM books
WHERE pages < @max_pages -- books without a number of pages are not short
ORDER BY id;

-- name: Rate :execrows
UPDATE books SET rating = @rating WHERE title LIKE @pattern;

-- name: Clear :exec
DELETE FROM books;

-- name: FindBooks :many
-- FindBooks returns the books with a title, or with a number of pages, where given.
SELECT * FROM books
WHERE (sqlc.narg(title) IS NULL OR title = sqlc.narg(title))
  AND (pages = sqlc.narg('pages') OR sqlc.narg('pages') IS NULL)
ORDER BY id
LIMIT sqlc.arg(max_rows)
