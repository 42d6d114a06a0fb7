-- name: GetVehicle :one
-- GetVehicle returns the vehicle with the given id.
SELECT *
FROM vehicles
WHERE id = @id;

-- name: AddVehicle :exec
-- AddVehicle adds a vehicle.
INSERT INTO vehicles (id, plate, wheels, mass)
VALUES (@id, @plate, @wheels, @mass);

-- name: WeighVehicle :execrows
-- WeighVehicle changes a vehicle's mass. It returns 0 when there is no such vehicle.
UPDATE vehicles
SET mass = @mass
WHERE id = @id;

-- name: GetDriver :one
-- GetDriver returns the driver with the given licence.
SELECT *
FROM drivers
WHERE licence = @licence;

-- name: PutDriver :one
-- PutDriver writes a driver, whether or not there was one, and returns what is there.
INSERT INTO drivers (licence, name, phone)
VALUES (@licence, @name, @phone)
ON CONFLICT (licence) DO UPDATE
SET name = excluded.name, phone = excluded.phone
RETURNING *;

-- name: AddPosition :exec
-- AddPosition records where a vehicle is.
INSERT INTO positions (vehicle_id, latitude, longitude, speed, note, raw)
VALUES (@vehicle_id, @latitude, @longitude, @speed, @note, @raw);

-- name: ListPositions :many
-- ListPositions returns the latest positions, newest first, at most max_rows of them.
SELECT *
FROM positions
ORDER BY id DESC
LIMIT @max_rows;

-- name: CountPositions :one
-- CountPositions returns the number of positions.
-- @scan ok
SELECT count(*)
FROM positions;
