-- name: Place :one
SELECT point, colour, level, area FROM places WHERE id = @id;

-- name: Points :many
-- @scan ok
SELECT id, point FROM places;

-- name: Move :exec
UPDATE places SET point = @point, colour = @colour, level = @level, area = @area WHERE id = @id;

-- name: Tag :exec
UPDATE places SET tags = @tags WHERE id = @id;
