-- name: AddVisit :one
INSERT INTO visits (came, went, day, hour) VALUES (@came, @went, @day, @hour) RETURNING id, came, went, day, hour;

-- name: Since :many
-- Times compare as the text they are stored as.
SELECT id FROM visits WHERE came >= @since AND created_at > '2026-01-01' ORDER BY came;

-- name: Longest :one
SELECT max(came) AS latest, min(went) AS first_went FROM visits;

-- name: Days :many
SELECT date(came) AS day, count(*) AS n FROM visits GROUP BY 1 ORDER BY 1;

-- name: Ages :many
SELECT id, unixepoch(came) AS seconds, strftime('%H', came) AS hour FROM visits ORDER BY id;

-- name: On :many
SELECT id FROM visits WHERE date(came) = date(@day) ORDER BY id;

-- name: Tomorrow :one
-- @column tomorrow datetime not null
SELECT strftime('%Y-%m-%d %H:%M:%f', @at, '+1 day') AS tomorrow;
