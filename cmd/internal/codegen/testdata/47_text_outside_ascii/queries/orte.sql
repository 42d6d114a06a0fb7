-- name: AddStadt :exec
INSERT INTO städte (id, name, größe) VALUES (@id, @name, @größe);

-- name: GetStadt :one
-- GetStadt – „eine“ Stadt, nie die falsche.
SELECT name, 'größer als „日本語“' AS note, größe /* ß */ FROM städte WHERE größe > 0 AND id = @id;

-- name: ListNot :many
SELECT "städte".name FROM städte WHERE name <> 'Ünna' AND größe BETWEEN @low AND @high AND name <> @other ORDER BY id;
