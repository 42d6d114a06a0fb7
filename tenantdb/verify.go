package tenantdb

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// seal puts the finished copy on the disk as a file that needs none beside it, and finds
// out its size and sum. Nobody has it open.
func (d *Dir) seal(ctx context.Context, building string, m *Manifest) (err error) {
	d.files.Before("seal", building)
	f, err := os.OpenFile(building, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := setLogMarkOf(f, sqlite.UnmarkWAL); err != nil {
		return err
	}
	m.Size, m.SHA256, err = sum(ctx, f, io.Discard)
	if err == nil && m.Size != m.Pages*m.PageSize {
		err = fmt.Errorf("%w: the copy has %d bytes, of %d pages of %d", ErrIO, m.Size, m.Pages, m.PageSize)
	}
	return err
}

// sumStep is how much is read between two looks at the context.
const sumStep = 1 << 20

// sum reads to the end, writes it all to w, and returns how much it is and its SHA-256.
func sum(ctx context.Context, r io.Reader, w io.Writer) (size int64, hexSum string, err error) {
	hash := sha256.New()
	buffer := make([]byte, sumStep)
	for {
		if ctx.Err() != nil {
			return 0, "", sqlite.Ended(ctx)
		}
		n, err := io.ReadFull(r, buffer)
		hash.Write(buffer[:n])
		if _, err := w.Write(buffer[:n]); err != nil {
			return 0, "", err
		}
		size += int64(n)
		switch {
		case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
			return size, hex.EncodeToString(hash.Sum(nil)), nil
		case err != nil:
			return 0, "", err
		}
	}
}

// verify has SQLite read all of the copy, as whoever opens it would.
func (d *Dir) verify(ctx context.Context, a address, building string, m *Manifest) (err error) {
	conn, err := d.connect(ctx, building, 0, sqlite.Config{Mode: sqlite.ReadOnly})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.disconnect(conn)) }()
	conn.Watch(ctx, 0)
	have, err := readIdentity(conn, a)
	if err != nil {
		return err
	}
	if have.incarnation != m.Incarnation {
		return fmt.Errorf("%w: the copy is of incarnation %s, the tenant of %s", ErrIO, have.incarnation, m.Incarnation)
	}
	if m.SchemaVersion, err = a.def.set.Version(conn); err != nil {
		return err
	}
	if err := conn.QuickCheck(); err != nil {
		if ctx.Err() != nil {
			return sqlite.Ended(ctx)
		}
		return fmt.Errorf("%w: quick_check of the copy, which is one of the tenant too: %w", ErrCorrupt, err)
	}
	return nil
}

// sweepBuilding removes what a process that died while it built the file has left beside it.
func sweepBuilding(folder, base string, now time.Time) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	var errs []error
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), buildPrefix+base+buildSuffix+".") {
			continue
		}
		if info, err := e.Info(); err == nil && now.Sub(info.ModTime()) >= buildAbandoned {
			errs = append(errs, os.Remove(filepath.Join(folder, e.Name())))
		}
	}
	return errors.Join(errs...)
}
