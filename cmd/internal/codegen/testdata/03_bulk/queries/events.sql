-- name: AddEvents :copyfrom
-- AddEvents adds all of the events or none.
INSERT INTO events (name, size) VALUES (@name, @size);

-- name: AddTags :copyfrom
INSERT INTO tags (tag) VALUES (@tag) ON CONFLICT DO NOTHING;

-- name: Grow :copyfrom
-- In the place of sqlc's :batchexec.
UPDATE events SET size = coalesce(size, 0) + @by WHERE name = @name;

-- name: ListEvents :many
SELECT * FROM events ORDER BY id;
