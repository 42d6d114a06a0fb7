-- +goose Up
-- What happened stays as it was written. Old rows may be deleted, none is rewritten.
-- +goose StatementBegin
CREATE TRIGGER audit_log_append_only
BEFORE UPDATE ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'audit_log is append-only');
END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER audit_log_append_only;
