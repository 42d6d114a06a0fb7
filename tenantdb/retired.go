package tenantdb

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// ErrNotRetired is returned by Reinstate and Purge when there is no such retired file: it
// was reinstated, purged or erased before.
var ErrNotRetired = errors.New("there is no such retired file")

// Retired names a file that [Store.Retire] has put aside. It stays until it is reinstated,
// purged or erased; there may be several of one tenant.
type Retired struct {
	Tenant      ID        `json:"tenant"`
	Incarnation string    `json:"incarnation"` // of the file, in hexadecimal
	At          time.Time `json:"at"`          // when it was retired, in seconds and UTC
	Size        int64     `json:"size"`        // in bytes; not looked at by Reinstate and Purge
}

const (
	deletedFolder = "deleted"
	retiredTime   = "20060102T150405Z"
)

// file returns the name of the retired file, which is made of what r is: IDs and these
// times have no dot.
func (r Retired) file() string {
	return strings.Join([]string{r.Tenant.name, r.At.UTC().Format(retiredTime), r.Incarnation}, ".") + extension
}

// parseRetired is the reverse of file.
func parseRetired(name string) (r Retired, ok bool) {
	name, ok = strings.CutSuffix(name, extension)
	parts := strings.Split(name, ".")
	if !ok || len(parts) != 3 {
		return Retired{}, false
	}
	id, idErr := ParseID(parts[0])
	at, timeErr := time.Parse(retiredTime, parts[1])
	r = Retired{Tenant: id, At: at, Incarnation: parts[2]}
	return r, idErr == nil && timeErr == nil && r.check() == nil
}

// check refuses what no retired file is called, so that nothing of a path comes from it.
func (r Retired) check() error {
	random, err := hex.DecodeString(r.Incarnation)
	if r.Tenant.IsZero() || err != nil || len(random) == 0 || strings.ToLower(r.Incarnation) != r.Incarnation {
		return fmt.Errorf("%w: tenant %q, incarnation %q is not what a list of them says", ErrNotRetired, r.Tenant.name, r.Incarnation)
	}
	return nil
}

func (l layout) deletedFolder() string { return filepath.Join(l.root, deletedFolder) }

func (l layout) retiredPath(r Retired) string { return filepath.Join(l.deletedFolder(), r.file()) }

// Retired lists the retired files of all tenants and schemas, by tenant and time. It opens
// none. A tenant whose Retire was interrupted is listed once that, or another operation on
// its ID, has finished it.
func (st *Store[S]) Retired(ctx context.Context) ([]Retired, error) {
	if st == nil || st.s == nil {
		return nil, noHandle("list retired")
	}
	folder := st.s.dir.layout.deletedFolder()
	if err := ctx.Err(); err != nil {
		return nil, &Error{Op: "list retired", Path: folder, Err: sqlite.Ended(ctx)}
	}
	list, err := st.s.dir.layout.retired()
	if err != nil {
		return nil, &Error{Op: "list retired", Path: folder, Err: err}
	}
	return list, nil
}

func (l layout) retired() ([]Retired, error) {
	entries, err := os.ReadDir(l.deletedFolder())
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
		return nil, err
	}
	var list []Retired
	for _, e := range entries {
		r, ok := parseRetired(e.Name())
		if !ok || !e.Type().IsRegular() {
			continue
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // reinstated or purged meanwhile
		}
		if err != nil {
			return nil, err
		}
		r.Size = info.Size()
		list = append(list, r)
	}
	slices.SortFunc(list, func(a, b Retired) int {
		return cmp.Or(strings.Compare(a.Tenant.name, b.Tenant.name), a.At.Compare(b.At), strings.Compare(a.Incarnation, b.Incarnation))
	})
	return list, nil
}
