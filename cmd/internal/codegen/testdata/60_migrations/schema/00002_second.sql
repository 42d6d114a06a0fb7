-- +goose Up
ALTER TABLE first ADD COLUMN two TEXT NOT NULL DEFAULT '';
-- +goose StatementBegin
CREATE TRIGGER first_insert AFTER INSERT ON first
BEGIN
    UPDATE first SET two = 'by trigger; ' || new.one WHERE id = new.id;
END;
-- +goose StatementEnd
-- +goose Down
DROP TRIGGER first_insert;
ALTER TABLE first DROP COLUMN two;
