-- +goose Upp
CREATE TABLE t (id INTEGER PRIMARY KEY);

-- +goose Dwon
DROP TABLE t;
