package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/internal/durable"
)

// leftoverAfter is after how long a file that is being built is taken for a leftover.
const leftoverAfter = time.Hour

// folders looks at the names in the data folder. No tenant's file is opened.
func (d *doctor[S]) folders(ctx context.Context) error {
	return filepath.WalkDir(d.m.root, func(path string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // removed meanwhile
		}
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(d.m.root, path)
		if err != nil {
			return err
		}
		top, below, _ := strings.Cut(filepath.ToSlash(rel), "/")
		if e.IsDir() && rel != "." && top != "tenants" && top != "deleted" && top != backupsFolder {
			return fs.SkipDir // not ours, or looked at by tenant
		}
		info, err := e.Info()
		if err != nil {
			return ignoreMissing(err)
		}
		if err := d.permissions(ctx, path, info); err != nil {
			return err
		}
		if e.IsDir() {
			return nil
		}
		if strings.HasSuffix(path, "-wal") && info.Size() > LongLog {
			f := Finding{Kind: FoundLongLog, Path: path, Problem: fmt.Sprintf("it has %d bytes", info.Size()), Next: "end what reads the tenant for so long; the log is begun anew after that"}
			if err := d.found(ctx, f, nil); err != nil {
				return err
			}
		}
		return d.file(ctx, path, top, below, info)
	})
}

func (d *doctor[S]) permissions(ctx context.Context, path string, info fs.FileInfo) error {
	if runtime.GOOS == "windows" || info.Mode().Perm()&0o077 == 0 || info.Mode().Type() == fs.ModeSymlink || path == d.m.root {
		return nil
	}
	return d.found(ctx, Finding{Kind: FoundPermissions, Path: path, Problem: "others than its owner have access: " + info.Mode().Perm().String(), Next: "take it from them"},
		func(context.Context) error { return os.Chmod(path, info.Mode().Perm()&0o700) })
}

// file looks at one file by its name.
func (d *doctor[S]) file(ctx context.Context, path, top, below string, info fs.FileInfo) error {
	name := filepath.Base(path)
	switch {
	case strings.HasPrefix(name, ".") && (strings.Contains(name, ".building") || strings.HasPrefix(name, partPrefix)):
		if d.m.options.Now().Sub(info.ModTime()) < leftoverAfter {
			return nil // perhaps at work
		}
		return d.found(ctx, Finding{Kind: FoundLeftover, Path: path, Problem: "a process that died was building it", Next: "remove it"},
			func(context.Context) error { return durable.Remove(path) })
	case below == "" || top != "tenants":
		return nil
	}
	base := name
	for _, suffix := range []string{"-wal", "-shm", "-journal"} {
		base = strings.TrimSuffix(base, suffix)
	}
	id, err := tenantdb.ParseID(strings.TrimSuffix(base, ".db"))
	if err != nil || !strings.HasSuffix(base, ".db") || !info.Mode().IsRegular() {
		return d.found(ctx, Finding{Kind: FoundStray, Path: path, Problem: "it is no tenant's file", Next: "see what it is, and move it away"}, nil)
	}
	if base == name {
		return nil
	}
	if _, err := os.Lstat(filepath.Join(filepath.Dir(path), base)); !errors.Is(err, fs.ErrNotExist) {
		return nil // the tenant's file is there, or was looked at
	}
	return d.strayLog(ctx, id, path, info)
}

// strayLog is of what SQLite keeps beside a database that is not there. One that holds
// nothing is removed; another may belong to a database that somebody has moved away.
func (d *doctor[S]) strayLog(ctx context.Context, id tenantdb.ID, path string, info fs.FileInfo) error {
	f := Finding{Kind: FoundStray, Tenant: id, Path: path, Problem: "its database is not there"}
	if info.Size() > 0 && !strings.HasSuffix(path, "-shm") {
		f.Next = "if the database was moved away, move this with it, under its name: it holds the last writes; else remove it"
		return d.found(ctx, f, nil)
	}
	f.Next = "remove it: it holds no data"
	return d.found(ctx, f, func(ctx context.Context) error {
		_, release, err := d.m.locks.take(ctx, id)
		if err != nil {
			return err
		}
		defer release()
		if there, err := d.m.hasFile(ctx, id); there || err != nil {
			return err
		}
		return durable.Remove(path)
	})
}
