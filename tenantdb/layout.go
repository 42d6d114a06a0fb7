package tenantdb

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/silokit/silo/tenantdb/internal/durable"
)

// layout knows where files are in a data folder. Paths come from IDs alone; none
// is stored or taken from input.
type layout struct {
	root    string // absolute, links resolved
	folder  string // of the record
	sharded bool
}

const (
	tenantsFolder = "tenants"
	globalFile    = "global.db"
	layoutFile    = "silo.json"
	extension     = ".db"
	// buildPrefix and buildSuffix enclose the name of a file under construction,
	// so that it is no tenant's: IDs have no dot.
	buildPrefix = "."
	buildSuffix = ".building"
	// buildAbandoned is after how long such a file is taken for a leftover of a
	// process that died.
	buildAbandoned = time.Hour
)

// record is what layoutFile holds.
type record struct {
	Version int    `json:"version"`
	Layout  string `json:"layout"`
	Folder  string `json:"folder"` // tells the folder from others; see [Dir.FolderID]
}

// openLayout makes or opens the data folder. Of the processes that first open a
// folder at once, one decides its layout.
func openLayout(path string, want Layout) (layout, error) {
	if err := durable.MakeDir(filepath.Join(path, tenantsFolder)); err != nil {
		return layout{}, err
	}
	root, err := filepath.Abs(path)
	if err == nil {
		root, err = filepath.EvalSymlinks(root)
	}
	if err != nil {
		return layout{}, err
	}
	l := layout{root: root, sharded: want == Sharded}
	mine := record{Version: 1, Layout: want.String(), Folder: newIncarnation()}
	encoded, err := json.Marshal(mine)
	if err != nil {
		return layout{}, err
	}
	file := filepath.Join(root, layoutFile)
	content, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		if err := durable.WriteNew(file, append(encoded, '\n')); err != nil && !errors.Is(err, fs.ErrExist) {
			return layout{}, err
		}
		content, err = os.ReadFile(file)
	}
	if err != nil {
		return layout{}, err
	}
	var have record
	if err := json.Unmarshal(content, &have); err != nil {
		return layout{}, fmt.Errorf("%s does not say how the folder is laid out: %w", file, err)
	}
	if have.Folder == "" {
		return layout{}, fmt.Errorf(`%s has no "folder", which tells the data folder from others: give it one that no other has, such as "folder":%q`, file, mine.Folder)
	}
	l.folder = have.Folder
	if want == AsRecorded && have.Version == mine.Version {
		switch have.Layout {
		case Flat.String(), Sharded.String():
			l.sharded = have.Layout == Sharded.String()
			return l, nil
		}
	}
	if have.Version != mine.Version || have.Layout != mine.Layout {
		return layout{}, fmt.Errorf("%s says version %d, layout %q; this program asks for version %d, layout %q: set Options.Layout to what the folder has",
			file, have.Version, have.Layout, mine.Version, mine.Layout)
	}
	return l, nil
}

// String returns the layout's name as it is recorded.
func (l Layout) String() string {
	if l == Sharded {
		return "sharded"
	}
	return "flat"
}

// own reports whether a path, absolute and with its links resolved, is where the Dir has
// its files. Other folders in the data folder are not its own.
func (l layout) own(path string) bool { return durable.Own(path, l.root, tenantsFolder, deletedFolder) }

// outside returns the path of a new file, which is not among those that only the Dir itself
// writes.
func (l layout) outside(path string) (string, error) {
	return durable.Outside(path, l.root, tenantsFolder, deletedFolder)
}

func (l layout) globalPath() string { return filepath.Join(l.root, globalFile) }

// unknown is what it means that a tenant's file is not there: that there is no such tenant,
// unless the folder that it would be in is gone too, as one on a disk that is not mounted.
func (l layout) unknown() error {
	folder := filepath.Join(l.root, tenantsFolder)
	if _, err := os.Lstat(folder); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: the tenants' folder %s is not there", ErrCannotOpen, folder)
	}
	return ErrUnknownTenant
}

func (l layout) tenantPath(id ID) string {
	return filepath.Join(l.tenantFolder(id), id.name+extension)
}

func (l layout) tenantFolder(id ID) string {
	if !l.sharded {
		return filepath.Join(l.root, tenantsFolder)
	}
	sum := sha256.Sum256([]byte(id.name))
	return filepath.Join(l.root, tenantsFolder, hex.EncodeToString(sum[:1]))
}

// folders returns the folders that tenants' files are in.
func (l layout) folders() ([]string, error) {
	top := filepath.Join(l.root, tenantsFolder)
	if !l.sharded {
		return []string{top}, nil
	}
	entries, err := os.ReadDir(top)
	if err != nil {
		return nil, err
	}
	var folders []string
	for _, e := range entries {
		if e.IsDir() {
			folders = append(folders, filepath.Join(top, e.Name()))
		}
	}
	return folders, nil
}

// tenants lists the tenants that have a file, sorted. Names that are no IDs, and
// files that are not where their ID belongs, are no tenants.
func (l layout) tenants() ([]ID, error) {
	folders, err := l.folders()
	if err != nil {
		return nil, err
	}
	var ids []ID
	for _, folder := range folders {
		err := eachEntry(folder, func(e fs.DirEntry) {
			name, ok := strings.CutSuffix(e.Name(), extension)
			if !ok || !e.Type().IsRegular() {
				return
			}
			if id, err := ParseID(name); err == nil && l.tenantFolder(id) == folder {
				ids = append(ids, id)
			}
		})
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(ids, func(a, b ID) int { return strings.Compare(a.name, b.name) })
	return ids, nil
}

// eachEntry calls f with what is in a folder, in no order. Beside each tenant's file lie two others,
// so a list of all of them is not made.
func eachEntry(folder string, f func(fs.DirEntry)) (err error) {
	const together = 256
	dir, err := os.Open(folder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, dir.Close()) }()
	for {
		entries, err := dir.ReadDir(together)
		for _, e := range entries {
			f(e)
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// sweep removes files under construction that a process which died has left, and
// returns their names.
func (l layout) sweep(now time.Time) ([]string, error) {
	folders, err := l.folders()
	if err != nil {
		return nil, err
	}
	var removed []string
	for _, folder := range append(folders, l.root) {
		entries, err := os.ReadDir(folder)
		if err != nil {
			return removed, err
		}
		for _, e := range entries {
			if !strings.HasPrefix(e.Name(), buildPrefix) || !strings.Contains(e.Name(), buildSuffix) {
				continue
			}
			info, err := e.Info()
			if err != nil || now.Sub(info.ModTime()) < buildAbandoned {
				continue // gone meanwhile, or perhaps at work
			}
			path := filepath.Join(folder, e.Name())
			if err := durable.Remove(path); err != nil {
				return removed, err
			}
			removed = append(removed, path)
		}
	}
	return removed, nil
}
