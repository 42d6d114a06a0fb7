-- name: Escaped :many
SELECT id FROM files WHERE path GLOB @glob AND path LIKE @pattern ESCAPE '\' ORDER BY id;

-- name: Contains :many
SELECT id FROM files WHERE path LIKE '%' || @part || '%' ORDER BY id;

-- name: NotLike :many
SELECT id FROM files WHERE path NOT LIKE @pattern AND path NOT GLOB 'c*' ORDER BY id;
