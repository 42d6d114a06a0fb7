package lifecycle_test

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/lifecycle"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// FuzzAnArchiveIsUnfitOrItsDatabaseIsWhatItsManifestSays reads anything as an export.
func FuzzAnArchiveIsUnfitOrItsDatabaseIsWhatItsManifestSays(f *testing.F) {
	database := []byte("SQLite format 3\x00 and so on")
	good, err := json.Marshal(lifecycle.Exported{Format: 1, Database: tenantdb.Manifest{Tenant: acme, Size: int64(len(database)), SHA256: lifecycle.SumOf(database)}})
	if err != nil {
		f.Fatal(err)
	}
	first := rawMember{name: "manifest.json", typeflag: tar.TypeReg, size: int64(len(good)), content: good}
	second := rawMember{name: "tenant.db", typeflag: tar.TypeReg, size: int64(len(database)), content: database}
	f.Add(rawTar(first, second))
	f.Add(rawTar(second, first))
	f.Add(rawTar(first))
	sparse := second
	sparse.records = map[string]string{"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": "tenant.db", "GNU.sparse.realsize": "30"}
	f.Add(rawTar(first, sparse))
	long := second
	long.records = map[string]string{"path": "tenant.db", "size": "27", "mtime": "1.5"}
	f.Add(rawTar(first, long))
	folder := f.TempDir()
	path, out := filepath.Join(folder, "archive"), filepath.Join(folder, "tenant.db")
	f.Fuzz(func(t *testing.T, content []byte) {
		writeBytes(t, path, content)
		defer os.Remove(out)
		e, err := lifecycle.ReadArchive(t.Context(), path, out)
		if err != nil {
			if !errors.Is(err, tenantdb.ErrUnfit) {
				t.Errorf("got %v", err)
			}
			return
		}
		got, err := os.ReadFile(out)
		if err != nil || int64(len(got)) != e.Database.Size || lifecycle.SumOf(got) != e.Database.SHA256 || len(got) > len(content) {
			t.Errorf("unpacked are %d bytes of %d, %v; the manifest says %+v", len(got), len(content), err, e)
		}
	})
}

// said is a Target with one backup, whose manifest is anything.
type said struct{ manifest []byte }

const saidName = "acme/000000000001"

func (s *said) Put(context.Context, string, lifecycle.File) error { return fs.ErrExist }

func (s *said) Remove(context.Context, string) error { return nil }

func (s *said) Get(_ context.Context, name string) (io.ReadCloser, error) {
	if name != saidName+".json" {
		return nil, fs.ErrNotExist
	}
	return io.NopCloser(bytes.NewReader(s.manifest)), nil
}

func (s *said) List(context.Context, string) iter.Seq2[lifecycle.Object, error] {
	return func(yield func(lifecycle.Object, error) bool) {
		if yield(lifecycle.Object{Name: saidName + ".db", Size: 1}, nil) {
			yield(lifecycle.Object{Name: saidName + ".json", Size: int64(len(s.manifest))}, nil)
		}
	}
}

// FuzzABackupsManifestIsBadOrOfThatBackup reads anything as the manifest of a backup.
func FuzzABackupsManifestIsBadOrOfThatBackup(f *testing.F) {
	good, err := json.Marshal(lifecycle.Backup{Format: 1, Sequence: 1, Database: tenantdb.Manifest{Tenant: acme, Size: 1, SHA256: "00"}})
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range [][]byte{
		good, nil, []byte("null"), []byte(`{"format":1,"sequence":1,"database":{"tenant":"../acme"}}`), []byte(`{"format":1,"sequence":1,"database":{"tenant":"acme","size":-1}}`),
		[]byte(`{"format":1,"sequence":18446744073709551615}`), bytes.Replace(good, []byte(`"size":1`), []byte(`"size":1e400`), 1), bytes.Repeat([]byte("["), 1<<16),
	} {
		f.Add(seed)
	}
	target := &said{}
	w, err := enter(f.Context(), tenanttest.Dir(f, tenantdb.Options{}), lifecycle.Options{Backups: target})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, manifest []byte) {
		target.manifest = manifest
		n := 0
		for b, err := range w.m.Backups(t.Context(), acme) {
			n++
			if err != nil && !errors.Is(err, lifecycle.ErrBadBackup) {
				t.Errorf("got %v", err)
			}
			if b.Sequence != 1 || b.Database.Tenant != acme {
				t.Errorf("got %+v, %v", b, err)
			}
		}
		if n != 1 {
			t.Errorf("there are %d backups", n)
		}
	})
}
