package tenantdb_test

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the driver that people use, to be compared with

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// benchTenants makes a folder with tenants of the reference application, each with so many
// rows.
func benchTenants(b *testing.B, tenants, rows int) (*tenantdb.Dir, *tenant.Store, []tenantdb.ID) {
	b.Helper()
	dir, err := tenantdb.Open(b.Context(), tenantdb.Options{Path: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	store, err := tenant.Open(b.Context(), dir)
	if err != nil {
		b.Fatal(err)
	}
	var ids []tenantdb.ID
	for i := range tenants {
		id := idOf(fmt.Sprint("t", i))
		if err := store.Create(b.Context(), id); err != nil {
			b.Fatal(err)
		}
		ids = append(ids, id)
		fillTenant(b, filepath.Join(dir.Path(), "tenants", id.String()+".db"), rows)
	}
	return dir, store, ids
}

func fillTenant(b *testing.B, path string, rows int) {
	b.Helper()
	conn, err := sqlite.Open(b.Context(), path, 0, sqlite.Config{})
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	err = conn.Exec(fmt.Sprintf("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) INSERT INTO config (key, value) SELECT 'bench.' || i, printf('%%0200d', i) FROM n", rows))
	if err != nil {
		b.Fatal(err)
	}
}

func syncFiles(b *testing.B, folder string, paths ...string) {
	b.Helper()
	for _, path := range append(paths, folder) {
		f, err := os.Open(path)
		if err == nil {
			err = f.Sync()
		}
		if err != nil {
			b.Fatal(err)
		}
		f.Close()
	}
}

// BenchmarkBackup takes a copy of each tenant, on the disk when it is done: Silo's, which
// are verified and have a sum besides, one after the other; and by SQLite's shell.
func BenchmarkBackup(b *testing.B) {
	for _, size := range []struct {
		name          string
		tenants, rows int
	}{{"50 small", 50, 100}, {"one of 15 MB", 1, 60000}} {
		dir, store, ids := benchTenants(b, size.tenants, size.rows)
		source := func(id tenantdb.ID) string { return filepath.Join(dir.Path(), "tenants", id.String()+".db") }
		perTenant := func(b *testing.B) {
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(ids)), "µs/tenant")
		}
		b.Run(size.name+"/silo", func(b *testing.B) {
			for b.Loop() {
				folder := b.TempDir()
				for _, id := range ids {
					if _, err := store.Snapshot(b.Context(), id, filepath.Join(folder, id.String()+".db"), tenantdb.SnapshotOptions{}); err != nil {
						b.Fatal(err)
					}
				}
			}
			perTenant(b)
		})
		b.Run(size.name+"/silo, four at once", func(b *testing.B) {
			for b.Loop() {
				folder := b.TempDir()
				var taking sync.WaitGroup
				for worker := range 4 {
					taking.Go(func() {
						for i := worker; i < len(ids); i += 4 {
							if _, err := store.Snapshot(b.Context(), ids[i], filepath.Join(folder, ids[i].String()+".db"), tenantdb.SnapshotOptions{}); err != nil {
								b.Error(err)
							}
						}
					})
				}
				taking.Wait()
			}
			perTenant(b)
		})
		shell, err := exec.LookPath("sqlite3")
		for name, run := range map[string]func(folder string) error{
			"shell .backup, one after the other": func(folder string) error {
				for _, id := range ids {
					to := filepath.Join(folder, id.String()+".db")
					if out, err := exec.CommandContext(b.Context(), shell, source(id), ".backup '"+to+"'").CombinedOutput(); err != nil {
						return fmt.Errorf("%w: %s", err, out)
					}
					syncFiles(b, folder, to)
				}
				return nil
			},
			"shell VACUUM INTO, one after the other": func(folder string) error {
				for _, id := range ids {
					to := filepath.Join(folder, id.String()+".db")
					if out, err := exec.CommandContext(b.Context(), shell, source(id), "VACUUM INTO '"+to+"'").CombinedOutput(); err != nil {
						return fmt.Errorf("%w: %s", err, out)
					}
					syncFiles(b, folder, to)
				}
				return nil
			},
			"one shell .backup of all": func(folder string) error {
				var script strings.Builder
				var made []string
				for _, id := range ids {
					to := filepath.Join(folder, id.String()+".db")
					made = append(made, to)
					fmt.Fprintf(&script, ".open '%s'\n.backup '%s'\n", source(id), to)
				}
				cmd := exec.CommandContext(b.Context(), shell)
				cmd.Stdin = strings.NewReader(script.String())
				if out, err := cmd.CombinedOutput(); err != nil {
					return fmt.Errorf("%w: %s", err, out)
				}
				syncFiles(b, folder, made...)
				return nil
			},
		} {
			b.Run(size.name+"/"+name, func(b *testing.B) {
				if err != nil {
					b.Skip("there is no sqlite3")
				}
				for b.Loop() {
					if err := run(b.TempDir()); err != nil {
						b.Fatal(err)
					}
				}
				perTenant(b)
			})
		}
		if err := dir.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkAdopt makes a tenant of a copy, checked and on the disk, and compares with one
// that goose migrates from nothing, as people make one, and which is put on the disk once.
func BenchmarkAdopt(b *testing.B) {
	dir, store, ids := benchTenants(b, 1, 0)
	defer dir.Close()
	path := filepath.Join(b.TempDir(), "copy.db")
	m, err := store.Snapshot(b.Context(), ids[0], path, tenantdb.SnapshotOptions{})
	if err != nil {
		b.Fatal(err)
	}
	made := 0
	for name, source := range map[string]tenantdb.Source{"with its sum": {Path: path, SHA256: m.SHA256}, "without": {Path: path}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				made++
				if _, err := store.Adopt(b.Context(), idOf(fmt.Sprint("a", made)), source); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("goose from nothing", func(b *testing.B) {
		folder := b.TempDir()
		migrations, err := fs.Sub(tenant.Schema{}.Migrations(), "tenant")
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			made++
			path := filepath.Join(folder, fmt.Sprint(made, ".db"))
			db, err := sql.Open("sqlite", path+"?_pragma=journal_mode(wal)&_pragma=synchronous(normal)")
			if err != nil {
				b.Fatal(err)
			}
			provider, err := goose.NewProvider(goose.DialectSQLite3, db, migrations, goose.WithDisableGlobalRegistry(true))
			if err != nil {
				b.Fatal(err)
			}
			if _, err := provider.Up(context.Background()); err != nil {
				b.Fatal(err)
			}
			if err := db.Close(); err != nil {
				b.Fatal(err)
			}
			syncFiles(b, folder, path)
		}
	})
}
