package worker_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb/worker"
)

// Whoever has not said who is told of failures finds them in the log, and where work has panicked.
func TestFailuresAreLoggedWithTheTenantAndThePlaceOfAPanic(t *testing.T) {
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })
	p, all := newPool(t.Context(), t, 1, worker.Options{})
	if err := p.Submit(all[0].Context, func(context.Context, *tenant.DB) error { panic("a fault") }); err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"level=ERROR", "tenant=t0", "a fault", "log_test.go"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log has no %s: %s", want, &log)
		}
	}
}
