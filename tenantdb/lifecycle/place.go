package lifecycle

import (
	"errors"
	"hash/crc32"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/internal/atwork"
	"github.com/silokit/silo/tenantdb/internal/durable"
)

// place is where operations work: what they know of a data folder and its backups without
// any of its databases open. Where its methods take an ID, the zero one means the global
// database.
type place struct {
	options  Options           // with its defaults
	root     string            // the data folder
	folder   string            // tells it from others
	locks    locks             // of tenants and the global database; see lockKey for the order
	keyLocks locks             // of creations' keys
	files    durable.Files     // the zero value, but in tests
	step     func(what string) // called before each step; tests end the process there
}

func newPlace(dir *tenantdb.Dir, options Options) *place {
	root := dir.Path()
	options = options.withDefaults()
	if options.Backups == nil {
		options.Backups = NewFolder(filepath.Join(root, backupsFolder))
	}
	tenantLocks := filepath.Join(root, locksFolder)
	return &place{locks: locks{folder: tenantLocks}, keyLocks: locks{folder: filepath.Join(tenantLocks, keysFolder)}, options: options, root: root, folder: dir.FolderID(), step: func(string) {}}
}

// globalName is what the global database has in the names of locks and in DIR/work. It is no ID.
const globalName = "_global"

func nameOf(id tenantdb.ID) string {
	if id.IsZero() {
		return globalName
	}
	return id.String()
}

// workFolders is how many folders DIR/work has. While a file gets or loses its name its folder is
// locked by the system, on ext4 also while it looks for room for the file: in one folder, operations
// on several tenants would wait for each other.
const workFolders = 64

// workIn returns the folder of DIR/work in which operations on the tenant work.
func (p *place) workIn(id tenantdb.ID) string {
	sum := crc32.ChecksumIEEE([]byte(nameOf(id)))
	return filepath.Join(p.root, workFolder, strconv.Itoa(int(sum%workFolders)))
}

// working calls f with how the paths begin of the files that an operation on the tenant needs for
// as long, in DIR/work, and removes those that there are when it returns. The tenant's lock is held.
func (p *place) working(id tenantdb.ID, f func(at string) error) (err error) {
	work := p.workIn(id)
	if err := durable.MakeDir(work); err != nil {
		return err
	}
	name := nameOf(id) + "." + strconv.FormatUint(rand.Uint64(), 36) + "."
	defer func() {
		for _, path := range named(work, name) {
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

// leftWork returns what is in DIR/work of the tenant in which nobody works, of operations here, and of
// its store's. The tenant's lock is held, which the store does not need.
func (p *place) leftWork(id tenantdb.ID) []string {
	return slices.DeleteFunc(p.workOf(id), atwork.Held)
}

// workOf returns all that is in DIR/work of the tenant.
func (p *place) workOf(id tenantdb.ID) []string {
	begin := nameOf(id) + "." // IDs have no dot
	return append(named(p.workIn(id), begin), named(filepath.Join(p.root, workFolder), begin)...)
}

// atWork returns the tenants of which there is something in DIR/work: an operation is under way, or died.
// They need not be known otherwise.
func (p *place) atWork() (ids []tenantdb.ID) {
	work := filepath.Join(p.root, workFolder)
	names := named(work, "")
	for number := range workFolders {
		names = append(names, named(filepath.Join(work, strconv.Itoa(number)), "")...)
	}
	for _, path := range names {
		name, _, found := strings.Cut(strings.TrimPrefix(filepath.Base(path), "."), ".")
		if id, err := tenantdb.ParseID(name); found && err == nil {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, compareIDs)
	return slices.Compact(ids)
}

// named returns what is in the folder whose name begins so, or would but for the dot before the names
// of what is being built.
func named(folder, begin string) (paths []string) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil // it is not there, or will be told of when something is to be put there
	}
	for _, e := range entries {
		if strings.HasPrefix(strings.TrimPrefix(e.Name(), "."), begin) {
			paths = append(paths, filepath.Join(folder, e.Name()))
		}
	}
	return paths
}
