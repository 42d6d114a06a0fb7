-- name: AddPerson :one
INSERT INTO people (name, age, size, born, alive, photo, extra) VALUES (@name, @age, @size, @born, @alive, @photo, @extra) RETURNING *;

-- name: OldestAge :one
SELECT max(age) FROM people;

-- name: Named :many
SELECT id FROM people WHERE name IS @name;
