-- name: Owners :many
-- The join inside the view leaves the pet nullable.
SELECT * FROM owners ORDER BY id;

-- name: OwnersOf :many
SELECT name, pet FROM owners WHERE pet = @pet;

-- name: Counts :many
SELECT * FROM counts WHERE pets >= @least ORDER BY name;
