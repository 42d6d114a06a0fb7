-- name: WithBoss :many
-- A self join, whose other side may be nobody.
SELECT sqlc.embed(p), sqlc.embed(boss) FROM people AS p LEFT JOIN people AS boss ON boss.id = p.boss ORDER BY p.id;

-- name: Pairs :many
SELECT sqlc.embed(a), sqlc.embed(b) FROM people AS a JOIN people AS b ON b.id > a.id;

-- name: SamePersonTwice :many
SELECT sqlc.embed(people), sqlc.embed(people) FROM people ORDER BY id;

-- name: SelfJoin :many
SELECT p.name, boss.name AS boss_name FROM people AS p JOIN people AS boss ON boss.id = p.boss;
