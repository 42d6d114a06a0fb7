-- name: AddOrder :exec
-- AddOrder notes what a tenant has ordered.
INSERT INTO orders (tenant_id, month) VALUES (@tenant_id, @month);

-- name: EnqueueJob :exec
-- EnqueueJob gives a job to a queue of goqite, in the transaction that it is called in.
INSERT INTO goqite (queue, body) VALUES (@queue, @body);

-- name: CountJobs :one
-- CountJobs returns how many jobs are not done.
SELECT count(*) FROM goqite WHERE queue = @queue;
