-- name: AddDoc :one
INSERT INTO docs (body, extra) VALUES (@body, @extra) RETURNING *;

-- name: Arrow :many
-- -> is JSON, as text; ->> is what the document holds, so its author says what that is.
-- @column city text
SELECT id, body -> '$.city' AS city_json, body ->> '$.city' AS city FROM docs ORDER BY id;

-- name: Cast :many
SELECT CAST(body ->> 'size' AS INTEGER) AS size, CAST(json_extract(body, '$.city') AS TEXT) AS city FROM docs ORDER BY id;

-- name: InCity :many
SELECT id FROM docs WHERE body ->> '$.city' = CAST(@city AS TEXT) ORDER BY id;

-- name: Make :one
SELECT json_object('id', id, 'all', json_array(1, 'two', NULL)) AS made, json_array_length('[1,2]') AS n,
    json_valid(body) AS valid, json_type(body, '$.city') AS type
FROM docs WHERE id = @id;

-- name: Grouped :one
SELECT json_group_array(id) AS ids, json_group_object(id, note) AS notes FROM docs;

-- name: SetCity :exec
UPDATE docs SET body = json_set(body, '$.city', CAST(@city AS TEXT)), extra = json(@extra) WHERE id = @id;

-- name: GetBody :one
SELECT body FROM docs WHERE id = @id;

-- name: Patched :one
SELECT json_patch(body, '{"size": null}') AS body FROM docs WHERE id = @id;
