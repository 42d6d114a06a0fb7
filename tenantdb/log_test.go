package tenantdb_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

const mebibyte = 1 << 20

// logSize is the size of a tenant's log.
func logSize(t *testing.T, kit *tenanttest.Kit[notes], id string) int64 {
	t.Helper()
	info, err := os.Stat(filepath.Join(kit.Dir.Path(), "tenants", id+".db-wal"))
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

func TestIdleReadersDoNotKeepTheLogFromBeingBegunAnew(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	acme := kit.Tenant("acme")
	text := strings.Repeat("x", mebibyte/8)
	for i := range 200 { // 50 MiB in all, for there is an index of the texts
		if err := add(acme.Context, acme.DB, fmt.Sprint(i, text)); err != nil {
			t.Fatal(err)
		}
		for range 3 { // after which the reader keeps its snapshot
			if _, err := count(acme.Context, acme.DB, countNotes); err != nil {
				t.Fatal(err)
			}
		}
	}
	if size := logSize(t, kit, "acme"); size > 6*mebibyte {
		t.Errorf("the log has %d bytes", size)
	}
}

func TestASnapshotThatIsHeldForLongIsEndedWhenTheLogIsLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kit := tenanttest.New(t, tenantdb.OpenStore[notes])
		acme := kit.Tenant("acme")
		text := strings.Repeat("x", mebibyte/2)
		written := int64(0)
		write := func(mebibytes int) {
			for range mebibytes {
				written++
				if err := add(acme.Context, acme.DB, fmt.Sprint(written, text)); err != nil {
					t.Fatal(err)
				}
			}
		}
		begun, release, ended := make(chan struct{}), make(chan struct{}), make(chan error)
		go func() {
			ended <- acme.DB.Read(acme.Context, func(ctx context.Context, tx *tenantdb.ReadTx[notes]) error {
				if n, err := count(ctx, tx, countNotes); err != nil || n != 0 {
					t.Errorf("at first it reads %d, %v", n, err)
				}
				close(begun)
				<-release
				if n, err := count(ctx, tx, countNotes); !errors.Is(err, tenantdb.ErrSnapshotTooOld) {
					t.Errorf("in the end it reads %d, %v", n, err)
				}
				return nil
			})
		}()
		<-begun
		write(70)
		if n := kit.Dir.Stats().Expelled; n != 0 {
			t.Fatalf("%d were ended before they were old", n)
		}
		if size := logSize(t, kit, "acme"); size < 64*mebibyte {
			t.Fatalf("the log has %d bytes only: the snapshot did not hold it", size)
		}
		pass(11 * time.Second)
		write(8)
		if n := kit.Dir.Stats().Expelled; n != 1 {
			t.Errorf("%d were ended, want 1", n)
		}
		if size := logSize(t, kit, "acme"); size > 16*mebibyte {
			t.Errorf("the log still has %d bytes", size)
		}
		close(release)
		if err := <-ended; err != nil {
			t.Errorf("what was read before is sound, and Read returned %v", err)
		}
		if n, err := count(acme.Context, acme.DB, countNotes); err != nil || n != written {
			t.Errorf("a new call reads %d, %v", n, err)
		}
	})
}
