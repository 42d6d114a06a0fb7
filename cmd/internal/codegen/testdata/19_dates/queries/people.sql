-- name: AddPerson :one
INSERT INTO people (born, died) VALUES (@born, @died) RETURNING *;

-- name: AddPeople :copyfrom
INSERT INTO people (born, joined) VALUES (@born, @joined);

-- Dates are stored as SQLite's own functions write them.
-- name: BornOn :many
SELECT id FROM people WHERE born = date(@day, '+1 day') ORDER BY id;

-- name: JoinedToday :one
SELECT count(*) AS n FROM people WHERE joined = date('now') AND born < joined;

-- name: Between :many
SELECT born FROM people WHERE born BETWEEN @first AND @last ORDER BY born;

-- name: Among :many
SELECT id, died FROM people WHERE born IN (sqlc.slice(days)) ORDER BY id;

-- name: Youngest :one
SELECT max(born) AS born FROM people;

-- name: Joined :many
SELECT joined FROM people ORDER BY joined;
