package lifecycle

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/internal/durable"
)

// place is where operations work: what they know of a data folder and its backups without
// any of its databases open. Where its methods take an ID, the zero one means the global
// database.
type place struct {
	options  Options           // with its defaults
	root     string            // the data folder
	locks    locks             // of tenants and the global database; see lockKey for the order
	keyLocks locks             // of creations' keys
	files    durable.Files     // the zero value, but in tests
	step     func(what string) // called before each step; tests end the process there
}

func newPlace(root string, options Options) *place {
	options = options.withDefaults()
	if options.Backups == nil {
		options.Backups = NewFolder(filepath.Join(root, backupsFolder))
	}
	tenantLocks := filepath.Join(root, locksFolder)
	return &place{locks: locks{folder: tenantLocks}, keyLocks: locks{folder: filepath.Join(tenantLocks, keysFolder)}, options: options, root: root, step: func(string) {}}
}

// globalName is what the global database has in the names of locks and of folders that are
// worked in. It is no ID.
const globalName = "_global"

func nameOf(id tenantdb.ID) string {
	if id.IsZero() {
		return globalName
	}
	return id.String()
}

// working makes a folder of the tenant's own below DIR/work, calls f with it, and removes it
// with all that is in it. The tenant's lock is held.
func (p *place) working(id tenantdb.ID, f func(folder string) error) (err error) {
	work := filepath.Join(p.root, workFolder)
	if err := durable.MakeDir(work); err != nil {
		return err
	}
	folder, err := os.MkdirTemp(work, nameOf(id)+".")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	return f(folder)
}

// sweepWork removes what operations on the tenant that died have left in DIR/work. The
// tenant's lock is held, so nobody is at work there.
func (p *place) sweepWork(id tenantdb.ID) {
	for _, folder := range p.leftWork(id) {
		if err := os.RemoveAll(folder); err != nil {
			p.options.Logger.Warn("lifecycle: a leftover could not be removed", slog.String("path", folder), slog.Any("error", err))
		}
	}
}

func (p *place) leftWork(id tenantdb.ID) (folders []string) {
	work := filepath.Join(p.root, workFolder)
	entries, err := os.ReadDir(work)
	if err != nil {
		return nil // it is not there, or will be told of when something is to be put there
	}
	for _, e := range entries {
		// IDs have no dot.
		if name, _, ok := strings.Cut(e.Name(), "."); ok && name == nameOf(id) {
			folders = append(folders, filepath.Join(work, e.Name()))
		}
	}
	return folders
}
