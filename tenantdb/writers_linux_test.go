package tenantdb_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/internal/childtest"
)

func TestTheWritersOfADatabaseAreFoundAmongAllLocks(t *testing.T) {
	const locks = `1: POSIX  ADVISORY  READ  11 fe:00:7 1073741826 1073742335
2: POSIX  ADVISORY  WRITE 12 fe:00:8 120 120
2: -> POSIX  ADVISORY  WRITE 13 fe:00:8 120 120
3: POSIX  ADVISORY  WRITE 14 fe:00:8 123 123
4: POSIX  ADVISORY  WRITE 15 fe:00:9 120 120
5: FLOCK  ADVISORY  WRITE 16 fe:01:8 0 EOF
6: POSIX  ADVISORY  WRITE 17 fe:00:7 1073741824 1073742335
7: POSIX  ADVISORY  WRITE 17 fe:00:8 120 127
8: OFDLCK ADVISORY  WRITE -1 fe:00:8 120 120
9: POSIX  ADVISORY  WRITE 18 fe:00:8 0 EOF
10: POSIX ADVISORY  WRITE x fe:00:8 120 120
11: POSIX ADVISORY  WRITE 19 fe:00:8 121 EOF

`
	for _, tt := range []struct {
		database, index string
		want            []int
	}{
		{"fe:00:7", "fe:00:8", []int{12, 17, 18}},
		{"fe:00:7", "", []int{17}},
		{"", "fe:00:9", []int{15}},
		{"fe:00:10", "fe:00:11", nil},
	} {
		if got := tenantdb.WritersIn(strings.NewReader(locks), tt.database, tt.index); !slices.Equal(got, tt.want) {
			t.Errorf("of %q and %q there are %v, want %v", tt.database, tt.index, got, tt.want)
		}
	}
}

// firstWarning is a logger's handler that hands on the first warning.
type firstWarning struct {
	slog.Handler
	first chan string
}

func (h firstWarning) Handle(_ context.Context, r slog.Record) error {
	if r.Level < slog.LevelWarn {
		return nil
	}
	text := r.Message
	r.Attrs(func(a slog.Attr) bool {
		text += " " + a.String()
		return true
	})
	select {
	case h.first <- text:
	default:
	}
	return nil
}

// A migration that another program holds up waits for ten minutes: whom for is said after seconds.
func TestWhoAMigrationWaitsForIsSaidWhileItWaits(t *testing.T) {
	first := make(chan string, 1)
	dir, store, acme := behind(t, tenantdb.Options{Logger: slog.New(firstWarning{slog.NewTextHandler(t.Output(), nil), first})})
	c := childtest.Start(t, "holdLock", dir.Path())
	c.Line(t)
	began, migrated := time.Now(), make(chan error, 1)
	go func() {
		_, err := store.MigrateUp(t.Context(), acme, tenantdb.MigrateOptions{})
		migrated <- err
	}()
	var text string
	select {
	case text = <-first:
	case err := <-migrated:
		t.Fatalf("it has not waited: %v", err)
	}
	// How long it was without a processor besides is not known.
	for _, want := range []string{"path=" + tenantdb.TenantPath(t, dir.Path(), tenantdb.Flat, acme), " waited=", fmt.Sprintf("by=process %d (", c.Process.Pid)} {
		if !strings.Contains(text, want) {
			t.Errorf("it says %q, without %q", text, want)
		}
	}
	t.Logf("after %v: %s", time.Since(began), text)
	c.Finish(t)
	if err := <-migrated; err != nil {
		t.Error(err)
	}
}
