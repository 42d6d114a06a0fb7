-- migrate:up transaction:false
ALTER TABLE notes ADD COLUMN author TEXT;

-- migrate:down
ALTER TABLE notes DROP COLUMN author;
