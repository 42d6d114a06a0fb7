-- +goose Up
CREATE TABLE positions (
    id         INTEGER PRIMARY KEY,
    vehicle_id INTEGER NOT NULL REFERENCES vehicles (id),
    latitude   REAL    NOT NULL,
    longitude  REAL    NOT NULL,
    speed      INTEGER NOT NULL,
    note       TEXT,
    raw        BLOB    NOT NULL
);

-- +goose Down
DROP TABLE positions;
