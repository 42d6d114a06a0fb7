-- Ein Kommentar: für die Datei 🙂.

-- name: Add :one
-- Add fügt „etwas“ hinzu: 日本語 🙂.
INSERT INTO "Übung" (日本語, "🙂") VALUES (@日本語, @smile) RETURNING id, 日本語, "🙂" AS smile, größe;

-- name: Get :one
SELECT /* Größe */ 'ß' || 日本語 AS text, größe FROM Übung WHERE 日本語 <> '🙂' AND id = @id AND größe >= @mindest_größe;

-- name: In :many
SELECT id FROM Übung WHERE 日本語 IN (sqlc.slice('日本')) AND "🙂" IS NOT '日本' AND id < @bis ORDER BY id; -- Ende: ü

-- name: Set :execrows
UPDATE Übung SET "🙂" = '🙂' || @zusatz WHERE id = @id RETURNING 1;
