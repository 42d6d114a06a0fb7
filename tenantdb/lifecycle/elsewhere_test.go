package lifecycle_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/internal/childtest"
	"github.com/silokit/silo/tenantdb/lifecycle"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// holdOpen is a service that has a tenant open, by one handle that it keeps. For each line
// of its input it prints what it is then: read by that handle, resolve anew, or begin a
// read that lasts until the next line.
func holdOpen(args []string) error {
	w, err := childWorld(args[0], lifecycle.Options{})
	if err != nil {
		return err
	}
	id, err := tenantdb.ParseID(args[1])
	if err != nil {
		return err
	}
	ctx, err := tenantdb.WithTenant(context.Background(), id)
	if err != nil {
		return err
	}
	db, err := w.store.Resolve(ctx)
	if err != nil {
		return err
	}
	if err := set(ctx, db, "held", "open"); err != nil {
		return err
	}
	say := func(value string, err error) {
		switch {
		case err == nil:
			fmt.Println(value)
		case errors.Is(err, tenantdb.ErrTenantGone):
			fmt.Println("gone")
		case errors.Is(err, tenantdb.ErrUnknownTenant):
			fmt.Println("unknown")
		case errors.Is(err, catalog.ErrSuspended):
			fmt.Println("suspended")
		default:
			fmt.Println(err)
		}
	}
	fmt.Println("ready")
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		switch in.Text() {
		case "read":
			c, err := tenant.New(db).GetConfig(ctx, "made")
			say(c.Value, err)
		case "resolve":
			say(w.get(id, "made"))
		case "begin":
			say("ended", tenant.Read(ctx, db, func(ctx context.Context, q *tenant.Reader) error {
				_, err := q.GetConfig(ctx, "made")
				fmt.Println("begun")
				in.Scan()
				return err
			}))
		}
	}
	return w.dir.Close()
}

// service is a process that runs holdOpen.
type service struct {
	t   *testing.T
	in  io.WriteCloser
	out *bufio.Reader
}

func serve(t *testing.T, folder, name string) service {
	t.Helper()
	c := childtest.Command("hold", folder, name)
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	c.Stderr = os.Stderr
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close()
		if err := c.Wait(); err != nil {
			t.Error(err)
		}
	})
	s := service{t, in, bufio.NewReader(out)}
	s.want("ready")
	return s
}

func (s service) tell(line string) {
	s.t.Helper()
	if _, err := fmt.Fprintln(s.in, line); err != nil {
		s.t.Fatal(err)
	}
}

func (s service) want(answer string) {
	s.t.Helper()
	line, err := s.out.ReadString('\n')
	if got := strings.TrimSuffix(line, "\n"); err != nil || got != answer {
		s.t.Errorf("the service says %q, %v; want %q", got, err, answer)
	}
}

// A service that nobody calls lets go of a tenant within a second of its state.
func TestWhatNeedsTheFileAloneHasItBesideAServiceThatHasItOpen(t *testing.T) {
	for name, tt := range map[string]struct {
		operate           func(ctx context.Context, w world) error
		handle, resolving string // what the service has of them afterwards
		state             catalog.State
	}{
		"delete": {remove, "gone", "unknown", catalog.Deleted},
		"erase": {func(ctx context.Context, w world) error {
			_, err := w.m.Erase(ctx, acme)
			return err
		}, "gone", "unknown", ""},
		"restore": {func(ctx context.Context, w world) error {
			_, err := w.m.Restore(ctx, acme, 1)
			return err
		}, "gone", "first", catalog.Active},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			w := worldIn(t, folder, lifecycle.Options{WaitElsewhere: time.Minute})
			if err := then(makeAcme, backUp, put("second"))(t.Context(), w); err != nil {
				t.Fatal(err)
			}
			s := serve(t, folder, "acme")
			s.tell("read")
			s.want("second")
			if err := tt.operate(t.Context(), w); err != nil {
				t.Fatal(err)
			}
			if err := is(acme, tt.state)(t.Context(), w); err != nil {
				t.Error(err)
			}
			s.tell("read")
			s.want(tt.handle)
			s.tell("resolve")
			s.want(tt.resolving)
			w.wantHealthy(t)
		})
	}
}

func TestWhatNeedsTheFileAloneIsRefusedWhileAnotherProcessUsesIt(t *testing.T) {
	folder := t.TempDir()
	w := worldIn(t, folder, lifecycle.Options{WaitElsewhere: 200 * time.Millisecond})
	if err := then(makeAcme, backUp)(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	s := serve(t, folder, "acme")
	s.tell("begin")
	s.want("begun")
	for name, operate := range map[string]func() error{
		"delete":  func() error { return remove(t.Context(), w) },
		"erase":   func() error { _, err := w.m.Erase(t.Context(), acme); return err },
		"restore": func() error { _, err := w.m.Restore(t.Context(), acme, 1); return err },
	} {
		if err := operate(); !errors.Is(err, tenantdb.ErrTenantOpenElsewhere) {
			t.Errorf("%s: got %v", name, err)
		}
		w.wantState(t, acme, catalog.Active)
	}
	// What only reads goes on.
	if _, err := w.m.Clone(t.Context(), acme, creation{ID: tenanttest.ID(t, "clone")}); err != nil {
		t.Error(err)
	}
	w.wantValue(t, tenanttest.ID(t, "clone"), "held", "open")
	s.tell("end")
	s.want("ended")
	s.tell("read") // by a handle that has lost nothing
	s.want("first")
	w.wantHealthy(t)
}

func TestASuspendedTenantIsClosedByTheServiceAndItsHandlesAreRefused(t *testing.T) {
	folder := t.TempDir()
	w := worldIn(t, folder, lifecycle.Options{WaitElsewhere: -1})
	if err := then(makeAcme, backUp)(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	s := serve(t, folder, "acme")
	_, err := w.m.Restore(t.Context(), acme, 1)
	wantErr(t, err, tenantdb.ErrTenantOpenElsewhere)
	w.wantState(t, acme, catalog.Active)
	if _, err := w.m.Suspend(t.Context(), acme, lifecycle.SuspendOptions{}); err != nil {
		t.Fatal(err)
	}
	until := time.Now().Add(time.Minute)
	for {
		_, err := w.m.Restore(t.Context(), acme, 1)
		if err == nil {
			break
		}
		if !errors.Is(err, tenantdb.ErrTenantOpenElsewhere) || time.Now().After(until) {
			t.Fatal(err)
		}
	}
	w.wantState(t, acme, catalog.Suspended)
	s.tell("read")
	s.want("suspended")
	if _, err := w.m.Resume(t.Context(), acme); err != nil {
		t.Fatal(err)
	}
	s.tell("resolve")
	s.want("first")
}

func TestARestoreThatDiedWhileItHadTheTenantClosedIsUndoneOrRunAgain(t *testing.T) {
	for name, mend := range map[string]func(w world) error{
		"doctor": func(w world) error {
			_, err := w.findings(context.Background(), lifecycle.DoctorOptions{Fix: lifecycle.FixSafe})
			return err
		},
		"restore": func(w world) error {
			_, err := w.m.Restore(context.Background(), acme, 1)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			prepareFolder(t, folder, crash{prepare: then(makeAcme, backUp)})
			s := serve(t, folder, "acme")
			s.tell("begin")
			s.want("begun")
			if d := dieAt(t, folder, "restore", "open it for others"); d.step == "" {
				t.Fatal("it did not die")
			}
			s.tell("end")
			s.want("ended")
			w := worldIn(t, folder, lifecycle.Options{})
			w.wantState(t, acme, catalog.Suspended)
			w.wantUnderway(t, acme, catalog.Restoring)
			if err := mend(w); err != nil {
				t.Fatal(err)
			}
			w.wantState(t, acme, catalog.Active)
			w.wantHealthy(t)
		})
	}
}
