package lifecycle

import (
	"errors"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
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

// globalName is what the global database has in the names of locks and in DIR/work. It is no ID.
const globalName = "_global"

func nameOf(id tenantdb.ID) string {
	if id.IsZero() {
		return globalName
	}
	return id.String()
}

// working calls f with how the paths begin of the files that an operation on the tenant needs for
// as long, in DIR/work, and removes those that there are when it returns. The tenant's lock is held.
func (p *place) working(id tenantdb.ID, f func(at string) error) (err error) {
	work := filepath.Join(p.root, workFolder)
	if err := durable.MakeDir(work); err != nil {
		return err
	}
	name := nameOf(id) + "." + strconv.FormatUint(rand.Uint64(), 36) + "."
	defer func() {
		for _, path := range p.workOf(name) {
			err = errors.Join(err, os.RemoveAll(path))
		}
	}()
	return f(filepath.Join(work, name))
}

// sweepWork removes what operations on the tenant that died have left in DIR/work. The
// tenant's lock is held, so nobody is at work there.
func (p *place) sweepWork(id tenantdb.ID) {
	for _, path := range p.leftWork(id) {
		if err := os.RemoveAll(path); err != nil {
			p.options.Logger.Warn("lifecycle: a leftover could not be removed", slog.String("path", path), slog.Any("error", err))
		}
	}
}

func (p *place) leftWork(id tenantdb.ID) []string {
	return p.workOf(nameOf(id) + ".") // IDs have no dot
}

// workOf returns what is in DIR/work whose name begins so, or would but for the dot before the names
// of what is being built.
func (p *place) workOf(name string) (paths []string) {
	work := filepath.Join(p.root, workFolder)
	entries, err := os.ReadDir(work)
	if err != nil {
		return nil // it is not there, or will be told of when something is to be put there
	}
	for _, e := range entries {
		if strings.HasPrefix(strings.TrimPrefix(e.Name(), "."), name) {
			paths = append(paths, filepath.Join(work, e.Name()))
		}
	}
	return paths
}
