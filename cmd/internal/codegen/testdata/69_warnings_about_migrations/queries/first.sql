-- name: Count :one
SELECT count(*) FROM third;

-- name: MadeSince :many
SELECT code FROM first WHERE made > @since;
