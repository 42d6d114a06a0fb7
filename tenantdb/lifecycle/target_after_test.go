package lifecycle_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/silokit/silo/tenantdb/lifecycle"
)

// unsure is a Target whose Put of names with that ending fails once the object is there, as one over a
// network does whose answer is lost. Then it may not remove them either.
type unsure struct {
	lifecycle.Target
	ending string
	stays  bool
}

func (u *unsure) is(name string) bool { return u.ending != "" && strings.HasSuffix(name, u.ending) }

func (u *unsure) Put(ctx context.Context, name string, file lifecycle.File) error {
	err := u.Target.Put(ctx, name, file)
	if u.is(name) {
		err = errors.Join(err, errNo)
	}
	return err
}

func (u *unsure) Remove(ctx context.Context, name string) error {
	if u.stays && u.is(name) {
		return errNo
	}
	return u.Target.Remove(ctx, name)
}

func TestABackupOfWhichItIsNotKnownWhetherItWasPutIsWholeOrNotThere(t *testing.T) {
	for name, tt := range map[string]struct {
		ending string
		stays  bool
		want   int // backups that there are then
	}{
		"database":                             {".db", false, 0},
		"database, which stays":                {".db", true, 0},
		"manifest":                             {"1.json", false, 0},
		"manifest, which cannot be taken back": {"1.json", true, 1},
	} {
		t.Run(name, func(t *testing.T) {
			target := &unsure{Target: lifecycle.NewFolder(t.TempDir())}
			w := newWorld(t, lifecycle.Options{Backups: target})
			id := w.create(t, "acme", "first")
			target.ending, target.stays = tt.ending, tt.stays
			_, err := w.m.Backup(t.Context(), id, lifecycle.BackupOptions{})
			wantErr(t, err, errNo)
			target.ending = ""
			there := 0
			for b, err := range w.m.Backups(t.Context(), id) {
				if err != nil {
					t.Fatal(err)
				}
				if _, err := w.m.Verify(t.Context(), id, b.Sequence); err != nil {
					t.Error(err)
				}
				there++
			}
			if there != tt.want {
				t.Errorf("there are %d backups", there)
			}
			w.backup(t, id)
			if _, err := w.m.Restore(t.Context(), id, lifecycle.Last); err != nil {
				t.Error(err)
			}
			w.wantHealthy(t)
		})
	}
}

// losing is a Target that says of manifests that they are there, and has not put them.
type losing struct{ lifecycle.Target }

func (l losing) Put(ctx context.Context, name string, file lifecycle.File) error {
	if strings.HasSuffix(name, ".json") {
		return nil
	}
	return l.Target.Put(ctx, name, file)
}

func TestAManifestIsReadBackToo(t *testing.T) {
	for durability, want := range map[lifecycle.BackupDurability]error{lifecycle.BackupStored: nil, lifecycle.BackupReadBack: lifecycle.ErrNoBackup} {
		target := lifecycle.NewFolder(t.TempDir())
		w := newWorld(t, lifecycle.Options{Backups: losing{target}, Rules: []lifecycle.BackupRule{{Durability: durability}}})
		_, err := w.m.Backup(t.Context(), w.create(t, "acme", "first"), lifecycle.BackupOptions{})
		if !errors.Is(err, want) {
			t.Errorf("%v: got %v, want %v", durability, err, want)
		}
	}
}
