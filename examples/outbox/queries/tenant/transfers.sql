-- name: Balance :one
-- Balance returns what the tenant has, in cents.
SELECT balance FROM account WHERE id = 1;

-- name: ChangeBalance :exec
-- ChangeBalance adds an amount, which may be negative. What would be less than nothing is refused.
UPDATE account SET balance = balance + @amount WHERE id = 1;

-- name: PutMessage :exec
-- PutMessage leaves word for another tenant.
INSERT INTO outbox (message, recipient, amount) VALUES (@message, @recipient, @amount);

-- name: OpenMessages :many
-- OpenMessages returns the oldest messages behind one that have not been delivered, at most max_rows of them.
SELECT id, message, recipient, amount FROM outbox
WHERE NOT delivered AND id > @after ORDER BY id LIMIT @max_rows;

-- name: MarkDelivered :exec
-- MarkDelivered notes that a message has taken effect where it was for.
UPDATE outbox SET delivered = TRUE WHERE id = @id;

-- name: SendAgain :execrows
-- SendAgain has all messages for a tenant delivered again. Those that have taken effect there do not again.
UPDATE outbox SET delivered = FALSE WHERE recipient = @recipient AND delivered;

-- name: TakeMessage :execrows
-- TakeMessage notes that a message takes effect. It changes no row if it has before.
INSERT INTO inbox (message) VALUES (@message) ON CONFLICT (message) DO NOTHING;
