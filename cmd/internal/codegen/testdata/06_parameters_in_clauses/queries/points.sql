-- name: Between :many
SELECT id FROM points WHERE score BETWEEN @low AND @high AND grp <> @other ORDER BY id;

-- name: BetweenTimes :many
SELECT id FROM points WHERE at BETWEEN @first AND @last ORDER BY id;

-- name: Having :many
SELECT grp, count(*) AS n FROM points GROUP BY grp HAVING count(*) >= @least ORDER BY grp;

-- name: Upsert :one
INSERT INTO points (id, grp, score, at) VALUES (@id, @grp, @score, @at)
ON CONFLICT (id) DO UPDATE SET score = score + @added, grp = @new_grp WHERE score < @below
RETURNING id, grp, score;

-- name: OrderBy :many
SELECT id FROM points ORDER BY CASE @sort_by WHEN 'score' THEN -score WHEN 'id' THEN id END;

-- name: Page :many
SELECT id FROM points ORDER BY id LIMIT @size OFFSET @start;

-- name: PageByNumber :many
SELECT id FROM points ORDER BY id LIMIT @size OFFSET (@page - 1) * @size;

-- name: Join :many
SELECT p.id FROM points AS p JOIN points AS other ON other.grp = p.grp AND other.score > @least ORDER BY p.id;

-- name: Subquery :many
SELECT id FROM points WHERE score = (SELECT max(score) FROM points WHERE grp = @grp);

-- name: Values :execrows
INSERT INTO points (grp, score, at) VALUES (@grp, 1, @at), (@grp, 2, @at);
