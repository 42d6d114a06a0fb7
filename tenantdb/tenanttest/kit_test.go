package tenanttest_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb/internal/sqlite"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// recorder is a test that notes what it is failed with, and whose cleanups are run by
// end.
type recorder struct {
	testing.TB
	errors   []string
	cleanups []func()
	told     chan struct{} // has an element for each error
}

func (r *recorder) Helper()          {}
func (r *recorder) Cleanup(f func()) { r.cleanups = append(r.cleanups, f) }
func (r *recorder) Errorf(format string, args ...any) {
	r.errors = append(r.errors, fmt.Sprintf(format, args...))
	r.told <- struct{}{}
}

// Fatal and Fatalf end the goroutine, as those of a test do.
func (r *recorder) Fatal(args ...any) { r.Fatalf("%s", fmt.Sprint(args...)) }
func (r *recorder) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	runtime.Goexit()
}

// stops reports what f fails the recorded test with, if it ends there.
func (r *recorder) stops(f func()) string {
	ended, done := make(chan struct{}), false
	go func() {
		defer close(ended)
		f()
		done = true
	}()
	<-ended
	if done || len(r.errors) == 0 {
		return "it goes on"
	}
	return r.errors[len(r.errors)-1]
}

func newRecorder(t *testing.T) *recorder { return &recorder{TB: t, told: make(chan struct{}, 100)} }

func (r *recorder) end() {
	for i := len(r.cleanups) - 1; i >= 0; i-- {
		r.cleanups[i]()
	}
}

func TestTwoTenantsAreMigratedAndApart(t *testing.T) {
	acme, globex := tenanttest.New(t, tenant.Open).Two()
	if err := tenant.New(acme.DB).SetConfig(acme.Context, tenant.SetConfigParams{Key: "k", Value: "of acme"}); err != nil {
		t.Fatal(err)
	}
	if rows, err := tenant.New(globex.DB).ListConfig(globex.Context); err != nil || len(rows) != 0 {
		t.Errorf("globex has %v, %v", rows, err)
	}
}

func TestWhatCannotBeMadeEndsTheTest(t *testing.T) {
	nothing := func(context.Context, *tenant.DB) error { return nil }
	for _, test := range []struct {
		name string
		f    func(r *recorder, kit *tenanttest.Kit[tenant.Schema])
		want string
	}{
		{"a tenant that is there", func(_ *recorder, kit *tenanttest.Kit[tenant.Schema]) { kit.Tenant("acme") }, "acme"},
		{"a name that is no ID", func(_ *recorder, kit *tenanttest.Kit[tenant.Schema]) { kit.Tenant("Not an ID") }, "ID"},
		{"a context of what is no ID", func(r *recorder, _ *tenanttest.Kit[tenant.Schema]) { tenanttest.Context(r, "..") }, "ID"},
		{"one tenant twice", func(_ *recorder, kit *tenanttest.Kit[tenant.Schema]) { kit.Isolated("acme", "acme", nothing) }, "has acme twice"},
		{"a folder that was closed", func(_ *recorder, kit *tenanttest.Kit[tenant.Schema]) {
			_ = kit.Dir.Close() // is looked at when the test ends
			kit.Isolated("initech", "globex", nothing)
		}, "closed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newRecorder(t)
			kit := tenanttest.New(r, tenant.Open)
			kit.Tenant("acme")
			if got := r.stops(func() { test.f(r, kit) }); !strings.Contains(got, test.want) {
				t.Errorf("it was ended with %q, want %q", got, test.want)
			}
			r.end()
			if len(r.errors) != 1 {
				t.Errorf("it was failed with %q", r.errors)
			}
		})
	}
}

func TestASoundTestEndsWithoutComplaint(t *testing.T) {
	r := newRecorder(t)
	tenanttest.New(r, tenant.Open).Two()
	if r.end(); len(r.errors) > 0 {
		t.Errorf("it was failed with %q", r.errors)
	}
}

func TestADamagedFileFailsTheTest(t *testing.T) {
	r := newRecorder(t)
	kit := tenanttest.New(r, tenant.Open)
	kit.Tenant("acme")
	if err := kit.Dir.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(kit.Dir.Path(), "tenants", "acme.db")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 5000; i < 9000; i++ {
		content[i] ^= 0x5a
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if r.end(); len(r.errors) != 1 || !strings.Contains(r.errors[0], "acme.db") {
		t.Errorf("it was failed with %q", r.errors)
	}
}

func TestARowThatRefersToNothingFailsTheTest(t *testing.T) {
	r := newRecorder(t)
	kit := tenanttest.New(r, tenant.Open)
	kit.Tenant("acme")
	if err := kit.Dir.Close(); err != nil {
		t.Fatal(err)
	}
	conn, err := sqlite.Open(t.Context(), filepath.Join(kit.Dir.Path(), "tenants", "acme.db"), 0, sqlite.Config{ForeignKeys: sqlite.NotEnforced})
	if err != nil {
		t.Fatal(err)
	}
	err = conn.Exec("INSERT INTO action_runs (id, action_id, started_ms) VALUES ('r', 'nowhere', 1)")
	if err := errors.Join(err, conn.Close()); err != nil {
		t.Fatal(err)
	}
	if r.end(); len(r.errors) != 1 || !strings.Contains(r.errors[0], "acme.db: foreign_key_check: action_runs") {
		t.Errorf("it was failed with %q", r.errors)
	}
}

func TestAFileThatCannotBeOpenedIsFoundToo(t *testing.T) {
	folder := t.TempDir()
	if err := os.Symlink("nowhere", filepath.Join(folder, "acme.db")); err != nil {
		t.Skip("there are no links here:", err)
	}
	if err := tenanttest.Check(t.Context(), folder); err == nil || !strings.Contains(err.Error(), "acme.db") {
		t.Errorf("a link to nowhere: %v", err)
	}
	if err := tenanttest.Check(t.Context(), filepath.Join(folder, "nowhere")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a folder that is not there: %v", err)
	}
}

func TestACallStillUnderWayFailsTheTest(t *testing.T) {
	r := newRecorder(t)
	acme := tenanttest.New(r, tenant.Open).Tenant("acme")
	inside, leave, left, ended := make(chan struct{}), make(chan struct{}), make(chan error), make(chan struct{})
	go func() {
		left <- tenant.Read(acme.Context, acme.DB, func(context.Context, *tenant.Reader) error {
			close(inside)
			<-leave
			return nil
		})
	}()
	<-inside
	go func() {
		r.end() // it complains, and then waits for the call
		close(ended)
	}()
	<-r.told
	close(leave)
	if err := <-left; err != nil {
		t.Error(err)
	}
	<-ended
	if len(r.errors) != 1 || !strings.Contains(r.errors[0], "1 tenants are in use") {
		t.Errorf("it was failed with %q", r.errors)
	}
}
