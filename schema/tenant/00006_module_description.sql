-- +goose Up
ALTER TABLE modules ADD COLUMN description TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE modules DROP COLUMN description;
