package tenanttest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// states returns, by their paths below the folder, with slashes, what is in its files: of
// a database what its pages hold, of others their bytes.
func states(ctx context.Context, folder string) (map[string]string, error) {
	out := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || besideDatabase(path) {
			return err
		}
		below, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		out[filepath.ToSlash(below)], err = stateOf(ctx, path, entry)
		return err
	})
	return out, err
}

// besideDatabase reports whether a file is part of a database that is there and has a name of
// its own: its log, and the log's index.
func besideDatabase(path string) bool {
	for _, suffix := range [...]string{"-wal", "-shm"} {
		if database, ok := strings.CutSuffix(path, suffix); ok && isDatabase(database) {
			_, err := os.Lstat(database)
			return err == nil
		}
	}
	return false
}

// isDatabase reports whether a file is a database, by its name.
func isDatabase(path string) bool { return filepath.Ext(path) == ".db" }

func stateOf(ctx context.Context, path string, entry fs.DirEntry) (string, error) {
	switch {
	case entry.Type()&fs.ModeSymlink != 0:
		return os.Readlink(path)
	case !entry.Type().IsRegular():
		return entry.Type().String(), nil
	case isDatabase(path):
		return pagesOf(ctx, path)
	}
	content, err := os.ReadFile(path)
	return fmt.Sprintf("%x", sha256.Sum256(content)), err
}

// openWait is how long a file is waited for that the Dir may have open too: a connection that it
// closes locks the file for a moment.
const openWait = 30 * time.Second

// pagesOf reads a database through SQLite, for a descriptor that is closed would drop the
// locks that others in this process have on the file.
func pagesOf(ctx context.Context, path string) (_ string, err error) {
	conn, err := sqlite.Open(ctx, path, openWait, sqlite.Config{Mode: sqlite.ReadOnly})
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if err := conn.BeginRead(); err != nil {
		return "", err
	}
	sum := sha256.New()
	if err := conn.Pages(func(page []byte) error { _, err := sum.Write(page); return err }); err != nil {
		return "", err
	}
	return fmt.Sprintf("%x", sum.Sum(nil)), conn.Rollback()
}
