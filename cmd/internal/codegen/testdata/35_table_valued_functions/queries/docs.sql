-- name: Tags :many
-- What json_each finds may be of any type, so its author says which.
SELECT docs.id, CAST(tag.value AS TEXT) AS tag, CAST(tag.key AS INTEGER) AS place, tag.type FROM docs, json_each(docs.tags) AS tag
ORDER BY docs.id, tag.id;

-- name: Tagged :many
SELECT id FROM docs WHERE EXISTS (SELECT 1 FROM json_each(docs.tags) WHERE value = CAST(@tag AS TEXT)) ORDER BY id;

-- name: Leaves :many
SELECT fullkey, atom IS NULL AS inner FROM json_tree(@document) ORDER BY id;
