-- name: AddName :exec
INSERT INTO names (gender) VALUES (@gender);

-- name: Names :many
SELECT id FROM names;

-- name: AddGender :exec
INSERT INTO genders (name) VALUES (@name);
