-- name: AddUser :one
INSERT INTO users (email, password) VALUES (@email, @password) RETURNING *;

-- name: Emails :many
SELECT id, email, length(password) AS password_length FROM users ORDER BY id;
