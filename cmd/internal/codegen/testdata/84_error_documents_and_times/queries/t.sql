-- name: ByColor :many
SELECT id FROM t WHERE json_extract(attrs, '$.color') = ?;

-- name: ByArrow :many
SELECT id FROM t WHERE attrs ->> '$.color' = @color;

-- name: ByCast :many
SELECT id FROM t WHERE attrs ->> '$.color' = CAST(@color AS TEXT);

-- name: Seconds :exec
UPDATE t SET at = unixepoch() WHERE id = @id;

-- name: Zero :exec
INSERT INTO t (attrs, at) VALUES ('{}', 0);

-- name: SecondColumn :one
SELECT id,
    json_extract(attrs, '$.a') AS a FROM t;
