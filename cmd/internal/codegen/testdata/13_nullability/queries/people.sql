-- name: AddPerson :exec
INSERT INTO people (id, name, boss, age) VALUES (@id, @name, @boss, @age);

-- name: AddPet :exec
INSERT INTO pets (name, owner, weight) VALUES (@name, @owner, @weight);

-- name: WithPets :many
SELECT people.name, pets.name AS pet, pets.weight FROM people LEFT JOIN pets ON pets.owner = people.id ORDER BY people.id;

-- name: WithPetsOnly :many
-- What WHERE asks of the pet, only a pet can have.
SELECT people.name, pets.name AS pet FROM people LEFT JOIN pets ON pets.owner = people.id WHERE pets.weight > 1 ORDER BY people.id;

-- name: RightJoin :many
SELECT people.name, pets.name AS pet FROM people RIGHT JOIN pets ON pets.owner = people.id AND pets.weight > 100 ORDER BY pets.name;

-- name: Oldest :one
-- Without people there is one row all the same, of NULLs.
SELECT name, max(age) AS age, count(*) AS n, total(age) AS years, sum(1) AS ones FROM people;

-- name: ByBoss :many
SELECT boss, max(age) AS oldest, max(name) AS last, count(age) AS known FROM people GROUP BY boss ORDER BY boss;

-- name: OfAge :many
SELECT name, age FROM people WHERE age >= @least ORDER BY id;

-- name: OfAgeMaybe :many
SELECT name, age FROM people WHERE age >= @least OR boss IS NULL ORDER BY id;

-- name: Bosses :many
SELECT * FROM bosses ORDER BY id;

-- name: Cte :many
WITH RECURSIVE chain (id, name, depth, via) AS (
    SELECT id, name, 0, NULL FROM people WHERE boss IS NULL
    UNION ALL
    SELECT people.id, people.name, depth + 1, chain.name FROM people JOIN chain ON people.boss = chain.id
)
SELECT name, depth, CAST(via AS TEXT) AS via FROM chain ORDER BY depth, name;

-- name: Both :many
SELECT name AS what, age FROM people UNION ALL SELECT name, NULL FROM pets ORDER BY what;

-- name: Scalars :one
SELECT
    (SELECT name FROM pets WHERE owner = -1) AS none,
    (SELECT count(*) FROM pets) AS pets,
    EXISTS (SELECT 1 FROM pets) AS some,
    coalesce((SELECT name FROM pets WHERE owner = -1), 'nobody') AS somebody,
    CASE WHEN 1 > 2 THEN 'x' END AS never,
    CASE WHEN 1 > 2 THEN 'x' ELSE 'y' END AS always,
    nullif(1, 1) AS gone,
    1 / 2 AS half,
    10 / nullif(0, 0) AS broken;

-- name: Windows :many
SELECT name,
    row_number() OVER (ORDER BY id) AS number,
    lag(name) OVER (ORDER BY id) AS before,
    sum(weight) OVER (PARTITION BY owner) AS together
FROM (SELECT rowid AS id, name, weight, owner FROM pets) AS p
ORDER BY number;

-- name: Keys :many
-- SQLite lets a text key be NULL.
SELECT * FROM keyed;

-- name: Stated :many
-- @column age not null
SELECT name, age FROM people WHERE coalesce(age, 0) > 0 ORDER BY id;
