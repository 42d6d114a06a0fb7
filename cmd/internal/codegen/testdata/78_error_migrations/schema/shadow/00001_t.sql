-- +goose Up
CREATE VIRTUAL TABLE stops_rtree USING rtree (id, min_lat, max_lat);
CREATE TABLE IF NOT EXISTS "stops_rtree_rowid" (rowid INTEGER PRIMARY KEY, nodeno);
