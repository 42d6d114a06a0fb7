-- name: Subquery :many
SELECT sqlc.embed(s) FROM (SELECT id FROM t) AS s;

-- name: View :many
SELECT sqlc.embed(v) FROM v;

-- name: Untyped :many
SELECT sqlc.embed(untyped), t.id FROM untyped JOIN t ON t.id = untyped.id;

-- name: AllNullable :many
SELECT sqlc.embed(t), sqlc.embed(loose) FROM t LEFT JOIN loose ON loose.t_id = t.id;

-- name: Missing :many
SELECT sqlc.embed(nowhere) FROM t;

-- name: InWhere :many
SELECT id FROM t WHERE sqlc.embed(t);

-- name: Renamed :many
SELECT u.id, sqlc.embed(t) FROM loose AS l JOIN t AS u ON u.id = l.t_id;

-- name: RenamedStar :many
SELECT t.* FROM t u;

-- name: RenamedColumn :many
SELECT t.id FROM t u;

-- name: MissingStar :many
SELECT lose.* FROM loose, t;

-- name: MissingTable :many
SELECT sqlc.embed(nowhere) FROM nowhere;
