package lifecycle

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/internal/durable"
)

// Exported is the manifest of an export. Its encoding as JSON is stable.
type Exported struct {
	Format   int               `json:"format"` // 1
	Database tenantdb.Manifest `json:"database"`
	Tables   []Table           `json:"tables"` // the application's, by name

	// What the catalog knew of the tenant. Import takes it over where it is not told otherwise,
	// but for the aliases, which a file can claim without being right.
	DisplayName string            `json:"display_name,omitempty"`
	Labels      map[string]string `json:"labels,omitempty"`
	Metadata    json.RawMessage   `json:"metadata,omitempty"`
	Aliases     []Alias           `json:"aliases,omitempty"`

	ExportedAt time.Time `json:"exported_at"` // in UTC
}

// Export writes the tenant, its data and what the catalog knows of it, to one new file at
// path, while others use it. If path exists the error is fs.ErrExist. The file is a tar
// archive of two members, manifest.json and after it tenant.db, an SQLite database which is
// complete in itself: `tar -xf acme.tar` is all that it takes to look at it without Silo. It
// is written beside, verified, and named when it is on the disk; nothing is left of one that fails.
// Path is not one of the data folder's own files.
//
// Where it was written is recorded, so that Erase finds it there.
func (m *Manager[S]) Export(ctx context.Context, id tenantdb.ID, path string) (e Exported, err error) {
	err = m.on(ctx, OpExport, id, func(ctx context.Context) error {
		is, err := m.usable(ctx, id)
		if err != nil {
			return err
		}
		if path, err = m.vacant(path); err != nil {
			return err
		}
		m.step("record")
		if err := m.catalog.Record(ctx, entry(OpExport, id, ResultBegun, detail{"path": path})); err != nil {
			return err
		}
		return m.working(id, func(at string) error {
			e, err = m.export(ctx, is, at+copyName, path)
			return err
		})
	})
	return e, err
}

// CheckExport says whether Export could write to path: the error is that with which it would
// refuse it. It writes nothing.
func CheckExport(dir *tenantdb.Dir, id tenantdb.ID, path string) error {
	if dir.Path() == "" {
		return &tenantdb.Error{Op: string(OpExport), Err: tenantdb.ErrNoHandle, Hint: "get a Dir from tenantdb.Open"}
	}
	_, err := newPlace(dir, Options{}).vacant(path)
	return explain(OpExport, id, err)
}

// vacant is outside for a path at which nothing is.
func (p *place) vacant(path string) (string, error) {
	path, err := p.outside(path)
	if err != nil {
		return "", err
	}
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return "", errors.Join(err, fmt.Errorf("%s: %w", path, fs.ErrExist))
	}
	return path, nil
}

// outside returns the path of a new file, which is not where Silo keeps what it lists and removes
// by itself.
func (p *place) outside(path string) (string, error) {
	return durable.Outside(path, p.root, ownFolders...)
}

// ownPath reports whether a path, absolute, is where Silo keeps what it lists and removes by
// itself, or a file that SQLite may have open: closing one that is opened besides would
// drop its locks.
func (p *place) ownPath(path string) bool { return durable.Own(path, p.root, ownFolders...) }

// ownFolders are those in the data folder in which nobody else puts files. That of the backups is not
// among them, from which people copy.
var ownFolders = []string{"tenants", "deleted", workFolder, locksFolder}

func (m *Manager[S]) export(ctx context.Context, is catalog.Tenant, copied, path string) (e Exported, err error) {
	aliases, err := m.catalog.Aliases(ctx, is.ID)
	if err != nil {
		return e, err
	}
	e = Exported{Format: 1, DisplayName: is.DisplayName, Labels: is.Labels, Metadata: is.Metadata, ExportedAt: m.options.Now().UTC()}
	for _, a := range aliases {
		if a.Kind != KeyKind {
			e.Aliases = append(e.Aliases, Alias{Kind: a.Kind, Value: a.Value})
		}
	}
	m.step("snapshot")
	if e.Database, err = m.snapshot(ctx, is.ID, copied, tenantdb.SnapshotOptions{}); err != nil {
		return e, err
	}
	e.Database.Mark = "" // it means nothing elsewhere
	found, err := look(ctx, copied)
	if err != nil {
		return e, err
	}
	e.Tables = found.tables
	m.step("pack")
	if err := m.pack(ctx, e, copied, path); err != nil {
		return e, err
	}
	m.noteCopied(ctx, OpExport, e.Database, detail{"path": path})
	return e, nil
}

// pack writes the archive beside path, reads it again, and names it.
func (m *Manager[S]) pack(ctx context.Context, e Exported, copied, path string) (err error) {
	temp, err := os.CreateTemp(filepath.Dir(path), exportPart(path)+"*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, ignoreMissing(os.Remove(temp.Name())))
		}
	}()
	err = writeArchive(ctx, temp, e, copied)
	if err = errors.Join(err, temp.Close()); err != nil {
		return err
	}
	if err := m.files.Sync(temp.Name()); err != nil {
		return err
	}
	m.step("verify")
	if _, err := readArchive(ctx, temp.Name(), ""); err != nil {
		return err
	}
	m.step("name")
	return m.files.Name(temp.Name(), path)
}

// exportPart is how the name begins under which an export to path is written.
func exportPart(path string) string { return "." + filepath.Base(path) + ".building." }
