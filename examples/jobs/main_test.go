package main

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"maragu.dev/goqite"

	"github.com/silokit/silo/examples/jobs/gen/global"
	"github.com/silokit/silo/examples/jobs/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/worker"
)

// childEnv has the test binary be a consumer that is killed at a job.
const childEnv = "SILO_JOBS_CHILD"

func TestMain(m *testing.M) {
	if folder := os.Getenv(childEnv); folder != "" {
		if err := stayInAJob(folder); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func TestTheProgramWritesEachTenantsReports(t *testing.T) {
	var out strings.Builder
	if err := run(t.Context(), t.TempDir(), &out); err != nil {
		t.Fatal(err)
	}
	var want strings.Builder
	for _, id := range []string{"acme", "globex"} {
		for month := 1; month <= 3; month++ {
			fmt.Fprintf(&want, "%s: report of 2026-%02d, written 1 time(s)\n", id, month)
		}
	}
	if out.String() != want.String() {
		t.Errorf("it prints\n%swant\n%s", &out, &want)
	}
}

// world is an open service with the tenants acme and globex, and a queue whose messages can be
// received again at once.
type world struct {
	*service
	queue *goqite.Queue
	db    *sql.DB
	c     *consumer
}

func newWorld(t *testing.T, folder string) *world {
	t.Helper()
	s, err := open(t.Context(), folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"acme", "globex"} {
		id, err := tenantdb.ParseID(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.store.Create(t.Context(), id); err != nil && !errors.Is(err, tenantdb.ErrTenantExists) {
			t.Fatal(err)
		}
	}
	w, err := s.consume(time.Nanosecond)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(w.c.pool.Close(), w.db.Close(), s.dir.Close()); err != nil {
			t.Error(err)
		}
	})
	return w
}

func (s *service) consume(hidden time.Duration) (*world, error) {
	queue, db, err := openQueue(s.dir, hidden)
	if err != nil {
		return nil, err
	}
	pool, err := worker.New(context.Background(), s.store, worker.Options{})
	if err != nil {
		return nil, err
	}
	return &world{s, queue, db, &consumer{queue: queue, pool: pool, write: writeReport, log: slog.New(slog.DiscardHandler), jobTime: jobTime, hideFor: hideFor}}, nil
}

func of(t *testing.T, name string) context.Context {
	t.Helper()
	id, err := tenantdb.ParseID(name)
	if err != nil {
		t.Fatal(err)
	}
	ctx, err := tenantdb.WithTenant(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return ctx
}

// handleOne receives a message and handles it.
func (w *world) handleOne(t *testing.T) {
	t.Helper()
	message, err := w.queue.Receive(t.Context())
	if err != nil || message == nil {
		t.Fatalf("received %v, %v", message, err)
	}
	w.c.handle(t.Context(), message)
}

func (w *world) wantLeft(t *testing.T, want int64) {
	t.Helper()
	if n, err := global.New(w.global).CountJobs(t.Context(), queueName); err != nil || n != want {
		t.Errorf("%d jobs are left, %v; want %d", n, err, want)
	}
}

func (w *world) wantReports(t *testing.T, name string, want ...string) {
	t.Helper()
	ctx := of(t, name)
	db, err := w.store.Resolve(ctx)
	if err != nil {
		t.Fatal(err)
	}
	reports, err := tenant.New(db).ListReports(ctx, 1000)
	var got []string
	for _, r := range reports {
		got = append(got, r.Month)
	}
	if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s has reports %v, %v; want %v", name, got, err, want)
	}
}

func TestAPayloadThatIsNoTenantsIsGivenUpAndReachesNobody(t *testing.T) {
	w := newWorld(t, t.TempDir())
	for _, body := range []string{
		"", "{", "[]", `{}`, `{"tenant":"","month":"2026-01"}`, `{"tenant":"nobody","month":"2026-01"}`, `{"tenant":"ACME","month":"2026-01"}`,
		`{"tenant":"../tenants/acme","month":"2026-01"}`, `{"tenant":"acme.db?mode=memory","month":"2026-01"}`, `{"tenant":["acme"],"month":"2026-01"}`,
	} {
		if err := w.queue.Send(t.Context(), goqite.Message{Body: []byte(body)}); err != nil {
			t.Fatal(err)
		}
		w.handleOne(t)
		w.wantLeft(t, 0)
	}
	w.wantReports(t, "acme")
	w.wantReports(t, "globex")
}

func TestAnOrderAndItsJobAreOneCommit(t *testing.T) {
	w := newWorld(t, t.TempDir())
	ctx, cancel := context.WithCancel(of(t, "acme"))
	cancel()
	if err := order(ctx, w.global, "2026-01"); err == nil {
		t.Error("ordered with a context that has ended")
	}
	if err := order(t.Context(), w.global, "2026-01"); !errors.Is(err, tenantdb.ErrNoTenant) {
		t.Errorf("ordered by nobody: %v", err)
	}
	w.wantLeft(t, 0)
	if err := order(of(t, "acme"), w.global, "2026-01"); err != nil {
		t.Fatal(err)
	}
	w.wantLeft(t, 1)
}

func TestAJobThatFailsIsTriedAgain(t *testing.T) {
	w := newWorld(t, t.TempDir())
	if err := order(of(t, "globex"), w.global, "2026-01"); err != nil {
		t.Fatal(err)
	}
	failure := errors.New("no paper")
	w.c.write = func(ctx context.Context, q *tenant.Queries, month string) error {
		if failure != nil {
			return failure
		}
		return writeReport(ctx, q, month)
	}
	w.handleOne(t)
	w.wantLeft(t, 1)
	w.wantReports(t, "globex")
	failure = nil
	w.handleOne(t)
	w.wantLeft(t, 0)
	w.wantReports(t, "globex", "2026-01")
	w.wantReports(t, "acme")
}

func TestAJobThatFailsTenTimesIsGivenToNobodyAndItsRowIsKept(t *testing.T) {
	w := newWorld(t, t.TempDir())
	if err := order(of(t, "acme"), w.global, "2026-01"); err != nil {
		t.Fatal(err)
	}
	tries := 0
	w.c.write = func(context.Context, *tenant.Queries, string) error {
		tries++
		return errors.New("no paper")
	}
	for range 10 {
		w.handleOne(t)
	}
	if message, err := w.queue.Receive(t.Context()); err != nil || message != nil || tries != 10 {
		t.Errorf("after %d times: received %v, %v", tries, message, err)
	}
	w.wantLeft(t, 1)
}

func TestManyJobsRunOneAtATimeForEachTenantAndInItsOwnFile(t *testing.T) {
	s, err := open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	w, err := s.consume(hideFor)
	if err != nil {
		t.Fatal(err)
	}
	const tenants, each = 4, 25
	var months []string
	for i := range each {
		months = append(months, fmt.Sprintf("2026-%02d", i))
	}
	busy := map[string]*atomic.Int32{}
	for i := range tenants {
		name := fmt.Sprintf("t%d", i)
		busy[name] = new(atomic.Int32)
		id, _ := tenantdb.TenantFrom(of(t, name))
		if err := s.store.Create(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		for _, month := range months {
			if err := order(of(t, name), s.global, month); err != nil {
				t.Fatal(err)
			}
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	var done atomic.Int32
	w.c.write = func(ctx context.Context, q *tenant.Queries, month string) error {
		id, _ := tenantdb.TenantFrom(ctx)
		if n := busy[id.String()].Add(1); n != 1 {
			t.Errorf("%d jobs of %s run at once", n, id)
		}
		defer busy[id.String()].Add(-1)
		if err := writeReport(ctx, q, month); err != nil {
			return err
		}
		if done.Add(1) == tenants*each {
			stop()
		}
		return nil
	}
	if err := w.c.run(ctx); err != nil {
		t.Fatal(err)
	}
	w.wantLeft(t, 0)
	for name := range busy {
		w.wantReports(t, name, months...)
	}
	if err := errors.Join(w.c.pool.Close(), w.db.Close(), s.dir.Close()); err != nil {
		t.Error(err)
	}
}

// The times are the bubble's: no job is late because this process was kept from going on.
func TestAJobThatWaitsForItsTurnLongerThanAJobMayTakeIsDoneOnce(t *testing.T) {
	soon := time.Now().Add(time.Hour)
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(soon)) // SQLite's clock, by which jobs are given, is not the bubble's
		s, err := open(t.Context(), t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		w, err := s.consume(2 * time.Second)
		if err != nil {
			t.Fatal(err)
		}
		id, _ := tenantdb.TenantFrom(of(t, "acme"))
		if err := s.store.Create(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		var months []string
		for i := range 8 {
			months = append(months, fmt.Sprintf("2026-%02d", i))
			if err := order(of(t, "acme"), s.global, months[i]); err != nil {
				t.Fatal(err)
			}
		}
		var log strings.Builder
		w.c.log, w.c.jobTime, w.c.hideFor = slog.New(slog.NewTextHandler(&log, nil)), time.Second, 2*time.Second
		ctx, stop := context.WithCancel(t.Context())
		var done atomic.Int32
		w.c.write = func(ctx context.Context, q *tenant.Queries, month string) error {
			time.Sleep(300 * time.Millisecond) // together more than a job may take, and than it is hidden
			if done.Add(1) == int32(len(months)) {
				stop()
			}
			return writeReport(context.WithoutCancel(ctx), q, month)
		}
		if err := w.c.run(ctx); err != nil {
			t.Fatal(err)
		}
		w.wantReports(t, "acme", months...)
		if n := done.Load(); n != int32(len(months)) || log.Len() != 0 {
			t.Errorf("%d jobs were begun %d times; the log says %s", len(months), n, log.String())
		}
		if err := errors.Join(w.c.pool.Close(), w.db.Close(), s.dir.Close()); err != nil {
			t.Error(err)
		}
	})
}

// stayInAJob receives a job, and waits in it until the process is killed.
func stayInAJob(folder string) error {
	ctx := context.Background()
	s, err := open(ctx, folder)
	if err != nil {
		return err
	}
	w, err := s.consume(time.Nanosecond)
	if err != nil {
		return err
	}
	w.c.write = func(ctx context.Context, q *tenant.Queries, month string) error {
		if err := writeReport(ctx, q, month); err != nil {
			return err
		}
		fmt.Println("written")
		_, err := bufio.NewReader(os.Stdin).ReadString('\n')
		return err
	}
	message, err := w.queue.Receive(ctx)
	if err != nil || message == nil {
		return fmt.Errorf("received %v, %w", message, err)
	}
	w.c.handle(ctx, message)
	return errors.New("the job has ended")
}

func TestAJobWhoseProcessIsKilledIsDoneByAnother(t *testing.T) {
	folder := t.TempDir()
	w := newWorld(t, folder)
	if err := order(of(t, "acme"), w.global, "2026-01"); err != nil {
		t.Fatal(err)
	}
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), childEnv+"="+folder)
	child.Stderr = os.Stderr
	if _, err := child.StdinPipe(); err != nil { // which is never written to
		t.Fatal(err)
	}
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "written\n" {
		t.Errorf("the child says %q, %v", line, err)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // killed
	w.wantLeft(t, 1)
	w.handleOne(t)
	w.wantLeft(t, 0)
	w.wantReports(t, "acme", "2026-01")
}
