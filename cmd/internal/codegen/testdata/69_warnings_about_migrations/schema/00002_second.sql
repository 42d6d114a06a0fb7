-- +goose Up
ALTER TABLE first ADD COLUMN size INTEGER NOT NULL DEFAULT 0;
-- silo: tiny
CREATE TABLE second (id INT PRIMARY KEY);
-- +goose Down
DROP TABLE second;
ALTER TABLE first DROP COLUMN size;
