-- +goose Up
CREATE INDEX action_runs_by_action ON action_runs (action_id, started_ms, id);

-- What sums up a span of time reads this index alone. Runs that still go on are not
-- in it.
CREATE INDEX action_runs_by_finish ON action_runs (finished_ms, action_id, status, started_ms)
WHERE finished_ms IS NOT NULL;

CREATE INDEX audit_log_by_subject ON audit_log (subject_kind, subject_id);

-- +goose Down
DROP INDEX audit_log_by_subject;
DROP INDEX action_runs_by_finish;
DROP INDEX action_runs_by_action;
