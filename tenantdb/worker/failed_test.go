package worker_test

import (
	"bytes"
	"context"
	"errors"
	"log"
	"log/slog"
	"runtime"
	"strings"
	"testing"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb/worker"
)

// What is told of a failure may fail itself, as when the service that it is reported to is away.
func TestWhoIsToldOfFailuresMayPanicAndEndsNothing(t *testing.T) {
	var said bytes.Buffer
	before, writer, flags := slog.Default(), log.Writer(), log.Flags()
	slog.SetDefault(slog.New(slog.NewTextHandler(&said, nil)))
	defer func() { // package log's have been changed with it
		slog.SetDefault(before)
		log.SetOutput(writer)
		log.SetFlags(flags)
	}()
	told := 0
	p, all := newPool(t.Context(), t, 2, worker.Options{Tenants: 1, Failed: func(context.Context, error) {
		if told++; told == 1 { // one place, so one at a time
			panic("the pager is broken")
		}
		runtime.Goexit()
	}})
	failure := errors.New("no such printer")
	for range 2 {
		if err := p.Submit(all[0].Context, func(context.Context, *tenant.DB) error { return failure }); err != nil {
			t.Fatal(err)
		}
	}
	for _, one := range all {
		if err := p.Do(one.Context, nothing); err != nil {
			t.Errorf("the next work of %s: %v", one.ID, err)
		}
	}
	if err := p.Close(); err != nil || told != 2 {
		t.Errorf("told %d times, %v", told, err)
	}
	for _, part := range []string{"tenant=t0", "the pager is broken", "no such printer"} {
		if !strings.Contains(said.String(), part) {
			t.Errorf("the log has no %q: %s", part, said.String())
		}
	}
}
