-- +goose Up
CREATE INDEX memberships_by_user ON memberships (user_id);

CREATE INDEX subscriptions_by_plan ON subscriptions (plan_id);

CREATE INDEX tenant_hourly_stats_by_hour ON tenant_hourly_stats (hour_ms);

CREATE INDEX tenant_monthly_usage_by_month ON tenant_monthly_usage (month);

-- +goose Down
DROP INDEX tenant_monthly_usage_by_month;
DROP INDEX tenant_hourly_stats_by_hour;
DROP INDEX subscriptions_by_plan;
DROP INDEX memberships_by_user;
