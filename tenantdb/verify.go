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
	"sync"
	"time"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// seal has the finished copy on the disk, finds out its sum, and has SQLite read all of it.
// The three are done at once, for one waits for the disk and two reckon.
func (d *Dir) seal(ctx context.Context, a address, copied *os.File, m *Manifest) error {
	d.files.Before("sync", copied.Name())
	info, err := copied.Stat()
	if err != nil {
		return err
	}
	if info.Size() != m.Size {
		return fmt.Errorf("%w: the copy has %d bytes, of %d pages of %d", ErrIO, info.Size(), m.Pages, m.PageSize)
	}
	var synced, summed error
	var work sync.WaitGroup
	work.Go(func() { synced = copied.Sync() })
	work.Go(func() { _, m.SHA256, summed = sum(ctx, io.NewSectionReader(copied, 0, m.Size), io.Discard, m.Size) })
	checked := d.verify(ctx, a, copied, m)
	work.Wait()
	return errors.Join(checked, summed, synced)
}

// sumStep is how much is read between two looks at the context.
const sumStep = 1 << 20

// sum reads to the end, writes it all to w, and returns how much it is and its SHA-256. It
// is expected to be size bytes.
func sum(ctx context.Context, r io.Reader, w io.Writer, expected int64) (size int64, hexSum string, err error) {
	hash := sha256.New()
	buffer := make([]byte, min(sumStep, expected+1))
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

// verifyInMemory is up to how many bytes a copy is read into memory to be checked. SQLite
// reads a file page by page, each by a call of the system, which takes longer than the
// checking.
const verifyInMemory = 32 << 20

// verify has SQLite read all of the copy, as whoever opens it would.
func (d *Dir) verify(ctx context.Context, a address, copied *os.File, m *Manifest) (err error) {
	conn, err := d.openCopy(ctx, a, copied, m.Size)
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

// openCopy opens the finished copy, or what can be read of it.
func (d *Dir) openCopy(ctx context.Context, a address, copied *os.File, size int64) (*sqlite.Conn, error) {
	schemas := d.schemasOf(a.def)
	if size > verifyInMemory {
		return d.connect(ctx, copied.Name(), 0, sqlite.Config{Mode: sqlite.ReadOnly, Schemas: schemas})
	}
	return sqlite.OpenImage(ctx, copied, size, schemas)
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
