-- name: SetPlan :exec
INSERT INTO plans (id, cents) VALUES (@id, @cents)
ON CONFLICT (id) DO UPDATE SET cents = @cents;

-- name: ListPlans :many
SELECT * FROM plans ORDER BY id;
