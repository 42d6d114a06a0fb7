-- name: CreateUser :one
-- CreateUser adds a user and returns it. It fails when the email address is taken,
-- whatever its case.
INSERT INTO users (id, email, name)
VALUES (@id, @email, @name)
RETURNING *;

-- name: GetUserByEmail :one
-- GetUserByEmail returns the user of an email address, whatever its case.
SELECT *
FROM users
WHERE email = @email;

-- name: DeleteUser :execrows
-- DeleteUser removes a user and all memberships of theirs. It returns 0 when there is
-- no such user.
DELETE FROM users
WHERE id = @id;
