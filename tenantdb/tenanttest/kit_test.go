package tenanttest_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
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
