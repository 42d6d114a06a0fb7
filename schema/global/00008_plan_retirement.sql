-- +goose Up
ALTER TABLE plans ADD COLUMN retired_at DATETIME;

-- +goose Down
ALTER TABLE plans DROP COLUMN retired_at;
