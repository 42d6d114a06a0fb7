-- name: AddNote :execlastid
INSERT INTO notes (slug, body) VALUES (@slug, @body);

-- name: AddNoteOnce :execlastid
-- AddNoteOnce returns 0 when the slug is taken, never the key of an earlier row.
INSERT INTO notes (slug, body) VALUES (@slug, @body) ON CONFLICT DO NOTHING;

-- name: CopyNotes :execlastid
INSERT INTO notes (slug, body) SELECT slug || '-2', body FROM notes WHERE slug = @slug;

-- name: SetBody :execresult
UPDATE notes SET body = @body WHERE id >= @first_id;

-- name: PutNote :execresult
INSERT INTO notes (slug, body) VALUES (@slug, @body) ON CONFLICT (slug) DO NOTHING;

-- name: CountNotes :execrows
-- A query that only reads changes nothing; there is a warning for it.
SELECT count(*) FROM notes;
