-- +goose Up
CREATE TABLE vehicles (
    id     INTEGER PRIMARY KEY,
    plate  TEXT    NOT NULL,
    wheels INTEGER NOT NULL,
    mass   REAL    NOT NULL
);

CREATE TABLE drivers (
    licence TEXT NOT NULL PRIMARY KEY,
    name    TEXT NOT NULL,
    phone   TEXT NOT NULL
) WITHOUT ROWID;

-- +goose Down
DROP TABLE drivers;
DROP TABLE vehicles;
