package tenantdb_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/internal/sqlite"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// cold makes a folder of n tenants, none of them open: c0, c1 and so on.
func cold(t testing.TB, n int) (folder string) {
	t.Helper()
	folder = t.TempDir()
	dir, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: folder})
	if err != nil {
		t.Fatal(err)
	}
	store, err := tenantdb.OpenStore[notes](t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			if err := store.Create(t.Context(), tenanttest.ID(t, fmt.Sprint("c", i))); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if err := dir.Close(); err != nil {
		t.Fatal(err)
	}
	return folder
}

// threads counts the system's threads of this process.
func threads(t testing.TB) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/task")
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

// openTenants counts the tenants whose file this process has open.
func openTenants(t testing.TB, folder string) int {
	t.Helper()
	links, err := filepath.Glob("/proc/self/fd/*")
	if err != nil {
		t.Fatal(err)
	}
	open := map[string]bool{}
	for _, link := range links {
		path, err := os.Readlink(link)
		if err == nil && strings.HasPrefix(path, folder) && strings.HasSuffix(path, ".db") {
			open[path] = true
		}
	}
	return len(open)
}

func TestAStormOfFirstRequestsIsBoundedAndHotTenantsAreServedMeanwhile(t *testing.T) {
	tenants := 2000
	if testing.Short() {
		tenants = 300
	}
	const (
		limit = 200
		stuck = 64 // more than are opened at once
	)
	folder := cold(t, tenants)
	dir := tenanttest.Dir(t, tenantdb.Options{Path: folder, MaxOpen: limit, Wait: time.Hour})
	store := openStore[notes](t, dir)
	hotCtx, hot := create(t, store, "hot")
	if err := add(hotCtx, hot, "x"); err != nil {
		t.Fatal(err)
	}
	// Somebody has the first tenants of the storm for himself, so that whoever opens
	// one waits.
	var locks []*sqlite.Conn
	for i := range stuck {
		conn, err := sqlite.Open(t.Context(), filepath.Join(folder, "tenants", fmt.Sprintf("c%d.db", i)), 0, sqlite.Config{Mode: sqlite.Exclusive})
		if err != nil {
			t.Fatal(err)
		}
		if err := conn.Exec("BEGIN EXCLUSIVE"); err != nil {
			t.Fatal(err)
		}
		locks = append(locks, conn)
	}
	inUse := openTenants(t, dir.Path()) // by the locks, and the hot one
	threadsBefore, opened := threads(t), dir.Stats().Opened

	var wg sync.WaitGroup
	var failed atomic.Int64
	request := func(i int) {
		ctx := tenanttest.Context(t, fmt.Sprint("c", i))
		if _, err := store.Resolve(ctx); err != nil {
			failed.Add(1)
			t.Errorf("c%d: %v", i, err)
		}
	}
	// Some ask first, and get no further; then all others.
	for i := range stuck {
		wg.Go(func() { request(i) })
	}
	atOnce := tenantdb.AtOnce(dir)
	for s := dir.Stats(); s.Waiting < stuck-atOnce || s.Open < 1+atOnce; s = dir.Stats() {
		runtime.Gosched()
	}
	for i := stuck; i < tenants; i++ {
		wg.Go(func() { request(i) })
	}
	for dir.Stats().Waiting < tenants-atOnce {
		runtime.Gosched()
	}
	// All of the storm waits. The hot tenant's calls go through.
	for i := range 50 {
		if err := add(hotCtx, hot, fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
		if _, err := store.Resolve(hotCtx); err != nil {
			t.Fatal(err)
		}
		if _, err := list(hotCtx, hot); err != nil {
			t.Fatal(err)
		}
	}
	if s := dir.Stats(); s.Opened != opened || s.Open > 1+atOnce {
		t.Errorf("meanwhile: %+v", s)
	}
	if n := openTenants(t, dir.Path()); n > inUse+atOnce {
		t.Errorf("%d files are open", n)
	}
	// A call that gives up says what for it waited, and leaves the others their turn.
	gone, cancel := context.WithCancelCause(tenanttest.Context(t, fmt.Sprint("c", tenants-1)))
	cancel(errors.New("gave up"))
	if _, err := store.Resolve(gone); err == nil || !errors.Is(err, context.Canceled) || errors.Is(err, tenantdb.ErrTooManyOpen) || !tenantdb.SafeToRetry(err) {
		t.Errorf("giving up: %v", err)
	}
	for _, conn := range locks {
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
	}
	// The storm itself, with the hot tenant in its midst.
	done := make(chan struct{})
	go func() { wg.Wait(); close(done) }()
	// How many were opened between two calls of the hot tenant is for the machine to say.
	peak, most, calls, apart, last := 0, 0, 0, int64(0), opened
	for storming := true; storming; calls++ {
		select {
		case <-done:
			storming = false
		default:
		}
		if _, err := count(hotCtx, hot, countNotes); err != nil {
			t.Fatal(err)
		}
		s := dir.Stats()
		peak = max(peak, s.Open)
		apart, last = max(apart, s.Opened-last), s.Opened
		if calls%20 == 0 {
			most = max(most, threads(t))
		}
	}
	s := dir.Stats()
	if peak > limit || s.Open > limit || failed.Load() > 0 || s.Opened < opened+int64(tenants) {
		t.Errorf("%d were open at once; at the end %+v", peak, s)
	}
	// A tenant is closed that was not used while as many others were opened as may be open. Between
	// two uses of the hot one there may be the openings between three looks at their number.
	if extra := s.Opened - opened - int64(tenants); extra > 0 && 2*apart < limit-int64(2*atOnce) {
		t.Errorf("the hot tenant, or others, were closed and opened %d times; there were %d openings between two calls of it at the most", extra, apart)
	}
	// One in a system call each, and as many again for the runtime's own.
	if most > threadsBefore+2*atOnce+8 {
		t.Errorf("%d threads, %d before", most, threadsBefore)
	}
	t.Logf("%d calls of the hot tenant during the storm, %d openings apart at the most; %d threads, %d before; %d open", calls, apart, most, threadsBefore, peak)
}

func TestManyFirstCallsOfOneTenantOpenItOnceAndShareAnError(t *testing.T) {
	folder := cold(t, 1)
	broken := filepath.Join(folder, "tenants", "broken.db")
	if err := os.WriteFile(broken, []byte(strings.Repeat("this is no database ", 50)), 0o600); err != nil {
		t.Fatal(err)
	}
	dir := tenanttest.Dir(t, tenantdb.Options{Path: folder})
	store := openStore[notes](t, dir)
	var wg sync.WaitGroup
	for range 200 {
		wg.Go(func() {
			if _, err := store.Resolve(tenanttest.Context(t, "c0")); err != nil {
				t.Error(err)
			}
		})
		wg.Go(func() {
			if _, err := store.Resolve(tenanttest.Context(t, "broken")); !errors.Is(err, tenantdb.ErrNotADatabase) {
				t.Errorf("got %v", err)
			}
		})
		wg.Go(func() {
			ctx, cancel := context.WithCancel(tenanttest.Context(t, "c0"))
			cancel()
			_, _ = store.Resolve(ctx) // whatever it says, the others are served
		})
	}
	wg.Wait()
	if s := dir.Stats(); s.Opened != 1 || s.Waiting != 0 {
		t.Errorf("%+v", s)
	}
	if err := os.Remove(broken); err != nil {
		t.Fatal(err)
	}
}

// BenchmarkStorm is 1,000 first requests at once, with room for 200 of the tenants.
func BenchmarkStorm(b *testing.B) {
	const tenants = 1000
	folder := cold(b, tenants)
	for b.Loop() {
		dir, err := tenantdb.Open(b.Context(), tenantdb.Options{Path: folder, MaxOpen: 200})
		if err != nil {
			b.Fatal(err)
		}
		store, err := tenantdb.OpenStore[notes](b.Context(), dir)
		if err != nil {
			b.Fatal(err)
		}
		var wg sync.WaitGroup
		for i := range tenants {
			wg.Go(func() {
				if _, err := store.Resolve(tenanttest.Context(b, fmt.Sprint("c", i))); err != nil {
					b.Error(err)
				}
			})
		}
		wg.Wait()
		if err := dir.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/tenants, "µs/tenant")
}
