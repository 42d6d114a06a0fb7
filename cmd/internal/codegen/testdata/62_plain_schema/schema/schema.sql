-- A plain schema: good to check queries with, not to run.
PRAGMA foreign_keys = ON;
CREATE TABLE sqlite_master (name TEXT); -- some write it so that sqlc knows the table
-- name: MakeNotes :exec
CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT NOT NULL);
CREATE TRIGGER no_empty BEFORE INSERT ON notes WHEN new.body = '' BEGIN
    SELECT raise(ABORT, 'empty');
END;
-- As SQLite's .schema writes them.
CREATE VIRTUAL TABLE stops_rtree USING rtree (id, min_lat, max_lat)
/* stops_rtree(id,min_lat,max_lat) */;
CREATE TABLE IF NOT EXISTS "stops_rtree_rowid"(rowid INTEGER PRIMARY KEY,nodeno);
CREATE TABLE IF NOT EXISTS "stops_rtree_node"(nodeno INTEGER PRIMARY KEY,data);
CREATE TABLE IF NOT EXISTS "stops_rtree_parent"(nodeno INTEGER PRIMARY KEY,parentnode);
INSERT INTO stops_rtree_node VALUES (1, x'00');
