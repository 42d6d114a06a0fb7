package lifecycle_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// openBelow counts the files below the folder that this process has open.
func openBelow(t *testing.T, folder string) (n int) {
	links, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Error(err)
	}
	for _, link := range links {
		// One may have been closed since it was listed.
		path, err := os.Readlink(filepath.Join("/proc/self/fd", link.Name()))
		if err == nil && strings.HasPrefix(path, folder+string(filepath.Separator)) {
			n++
		}
	}
	return n
}

// mostOpenDuring returns the most files below the folder that were seen open while f ran.
func mostOpenDuring(t *testing.T, folder string, f func()) (most int) {
	t.Helper()
	over := make(chan struct{})
	var watch sync.WaitGroup
	watch.Go(func() {
		for {
			most = max(most, openBelow(t, folder))
			select {
			case <-over:
				return
			default:
			}
		}
	})
	f()
	close(over)
	watch.Wait()
	return most
}

func TestWhatIsDoneWithManyTenantsHasFewFilesOpenAtOnce(t *testing.T) {
	const (
		tenants = 300
		// Of four open tenants and the global database up to 7 each, of two copies under
		// way the tenant's and the copy's files and a lock, and some to spare. One file too
		// many for each tenant would be 300.
		bound = 64
	)
	folder := t.TempDir()
	w, err := enter(t.Context(), tenanttest.Dir(t, tenantdb.Options{Path: folder, MaxOpen: 4}), lifecycle.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var ids []tenantdb.ID
	for _, step := range []struct {
		name string
		do   func() error
	}{
		{"Create", func() error {
			for i := range tenants {
				ids = append(ids, w.create(t, fmt.Sprint("t", i), "value"))
			}
			return nil
		}},
		{"opening each", func() error {
			for _, id := range ids {
				w.wantValue(t, id, "made", "value")
			}
			return nil
		}},
		{"BackupAll", func() error {
			return each(w.m.BackupAll(t.Context(), catalog.Filter{}, lifecycle.BackupOptions{}), tenants, func(b lifecycle.TenantBackup) error { return b.Err })
		}},
		{"List", func() error {
			return each(w.cat.List(t.Context(), catalog.Filter{}), tenants, nil)
		}},
		{"Backups", func() error {
			return each(w.m.Backups(t.Context(), tenantdb.ID{}), tenants, nil)
		}},
		{"Doctor", func() error {
			return each(w.m.Doctor(t.Context(), lifecycle.DoctorOptions{Depth: lifecycle.DepthContent}), 0, nil)
		}},
		{"Prune", func() error {
			return each(w.m.Prune(t.Context(), tenantdb.ID{}, lifecycle.PruneOptions{Rules: keeping(1)}), 0, nil)
		}},
	} {
		var err error
		most := mostOpenDuring(t, folder, func() { err = step.do() })
		if err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		if most == 0 || most > bound {
			t.Errorf("%s of %d tenants: %d files were open at once, want 1 to %d", step.name, tenants, most, bound)
		}
	}
}

// each goes over a sequence, which must have so many elements and no error.
func each[E any](sequence func(func(E, error) bool), want int, check func(E) error) error {
	n := 0
	for e, err := range sequence {
		if err == nil && check != nil {
			err = check(e)
		}
		if err != nil {
			return err
		}
		n++
	}
	if n != want {
		return fmt.Errorf("there are %d, want %d", n, want)
	}
	return nil
}
