-- +goose Up
-- Those who have a retired plan keep it; nobody new gets it.
-- +goose StatementBegin
CREATE TRIGGER subscriptions_insert_retired_plan
AFTER INSERT ON subscriptions
WHEN EXISTS (SELECT 1 FROM plans WHERE id = new.plan_id AND retired_at IS NOT NULL)
BEGIN
    SELECT RAISE(ABORT, 'the plan is retired');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER subscriptions_update_retired_plan
BEFORE UPDATE OF plan_id ON subscriptions
WHEN new.plan_id <> old.plan_id
    AND EXISTS (SELECT 1 FROM plans WHERE id = new.plan_id AND retired_at IS NOT NULL)
BEGIN
    SELECT RAISE(ABORT, 'the plan is retired');
END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER subscriptions_update_retired_plan;
DROP TRIGGER subscriptions_insert_retired_plan;
