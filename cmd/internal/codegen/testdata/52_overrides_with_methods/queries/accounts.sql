-- name: AddAccount :one
INSERT INTO accounts (id, balance, limit_to, state) VALUES (@id, @balance, @limit_to, @state) RETURNING *;

-- name: GetAccount :one
SELECT balance, limit_to, typeof(balance) AS stored FROM accounts WHERE id = @id;

-- name: WithBalances :many
SELECT id FROM accounts WHERE balance IN (sqlc.slice(balances)) ORDER BY id;

-- name: WithIDs :many
SELECT state FROM accounts WHERE id IN (sqlc.slice(ids)) ORDER BY id;

-- name: Spoil :exec
UPDATE accounts SET balance = 'nonsense' WHERE id = @id;

-- name: Money :one
-- Its statement cannot be called money, for that is a package.
SELECT balance FROM accounts WHERE id = @id;
