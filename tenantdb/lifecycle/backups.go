package lifecycle

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/silokit/silo/tenantdb"
)

// Backups yields the backups of a tenant, oldest first; with the zero ID all there are: of
// the tenants by ID, also of those that are not there any more, and of the global database
// ([Backup.Global]). One whose manifest cannot be
// read is yielded with an error that is [ErrBadBackup], its sequence, and its tenant; any other
// error ends the sequence.
func (m *Manager[S]) Backups(ctx context.Context, id tenantdb.ID) iter.Seq2[Backup, error] {
	return m.list(ctx, prefixOf(id))
}

// GlobalBackups yields the backups of the global database, as Backups does.
func (m *Manager[S]) GlobalBackups(ctx context.Context) iter.Seq2[Backup, error] {
	return m.list(ctx, folderOf(tenantdb.ID{})+"/")
}

// list yields the backups of owners whose folder begins with the prefix.
func (p *place) list(ctx context.Context, prefix string) iter.Seq2[Backup, error] {
	return func(yield func(Backup, error) bool) {
		for of, err := range p.ownersWithBackups(ctx, prefix) {
			if err != nil {
				yield(Backup{}, explain(OpVerify, tenantdb.ID{}, err))
				return
			}
			for _, sequence := range of.sequences() {
				b, err := p.manifest(ctx, of.tenant, sequence)
				switch {
				case errors.Is(err, ErrNoBackup):
					continue // removed meanwhile
				case err == nil || errors.Is(err, ErrBadBackup):
				default:
					yield(Backup{}, explain(OpVerify, of.tenant, err))
					return
				}
				if !yield(b, err) {
					return
				}
			}
		}
	}
}

// globalFolder is the Target's folder of the global database's backups. It is no ID.
const globalFolder = "global.db"

// folderOf returns the Target's folder of a tenant's backups, and with the zero ID of those
// of the global database.
func folderOf(id tenantdb.ID) string {
	if id.IsZero() {
		return globalFolder
	}
	return id.String()
}

// prefixOf returns how the names of a tenant's backups begin, and with the zero ID those of all.
func prefixOf(id tenantdb.ID) string {
	if id.IsZero() {
		return ""
	}
	return folderOf(id) + "/"
}

// objects are what the Target has of one tenant, or of the global database.
type objects struct {
	tenant    tenantdb.ID     // zero: the global database
	databases map[int64]int64 // sequence → size
	manifests map[int64]int64
	highest   int64 // of all sequences
}

func newObjects(id tenantdb.ID) *objects {
	return &objects{tenant: id, databases: map[int64]int64{}, manifests: map[int64]int64{}}
}

// sequences returns the numbers of the backups, in order.
func (o *objects) sequences() []int64 { return slices.Sorted(maps.Keys(o.manifests)) }

// last returns the number of the last backup, or 0.
func (o *objects) last() int64 {
	if all := o.sequences(); len(all) > 0 {
		return all[len(all)-1]
	}
	return 0
}

// only returns the numbers that are in one of the two alone, in order: of backups that have but
// the one of their objects.
func only(in, notIn map[int64]int64) (sequences []int64) {
	for _, sequence := range slices.Sorted(maps.Keys(in)) {
		if _, whole := notIn[sequence]; !whole {
			sequences = append(sequences, sequence)
		}
	}
	return sequences
}

func (o *objects) add(sequence int64, extension string, size int64) {
	o.highest = max(o.highest, sequence)
	if extension == "json" {
		o.manifests[sequence] = size
	} else {
		o.databases[sequence] = size
	}
}

// parseName is the reverse of databaseName and manifestName.
func parseName(name string) (id tenantdb.ID, sequence int64, extension string, ok bool) {
	var err error
	folder, file, _ := strings.Cut(name, "/")
	number, extension, _ := strings.Cut(file, ".")
	if folder != globalFolder {
		id, err = tenantdb.ParseID(folder)
	}
	sequence, numberErr := strconv.ParseInt(number, 10, 64)
	ok = err == nil && numberErr == nil && sequence > 0 && (name == databaseName(id, sequence) || name == manifestName(id, sequence))
	return id, sequence, extension, ok
}

// objects lists what the Target has of the tenant, or with the zero ID of the global database.
func (p *place) objects(ctx context.Context, id tenantdb.ID) (*objects, error) {
	for of, err := range p.ownersWithBackups(ctx, folderOf(id)+"/") {
		return of, err
	}
	return newObjects(id), nil
}

// withoutBackups refuses an ID of which there are backups, for a new tenant: it would be restored
// to what another one of that name has left. Those of another data folder are no earlier tenant's.
func (p *place) withoutBackups(ctx context.Context, id tenantdb.ID) error {
	have, err := p.objects(ctx, id)
	if err != nil || have.highest == 0 {
		return err
	}
	if err := p.mine(ctx); err != nil {
		return err
	}
	return ErrHasBackups
}

// ownersWithBackups yields what the Target has, by whose it is, of those whose folder begins
// with the prefix.
func (p *place) ownersWithBackups(ctx context.Context, prefix string) iter.Seq2[*objects, error] {
	return func(yield func(*objects, error) bool) {
		var of *objects
		for object, err := range p.options.Backups.List(ctx, prefix) {
			if err != nil {
				yield(nil, err)
				return
			}
			tenant, sequence, extension, ok := parseName(object.Name)
			if !ok {
				continue // somebody else's
			}
			if of == nil || of.tenant != tenant {
				if of != nil && !yield(of, nil) {
					return
				}
				of = newObjects(tenant)
			}
			of.add(sequence, extension, object.Size)
		}
		if of != nil {
			yield(of, nil)
		}
	}
}

// maxManifest is more bytes than any manifest has.
const maxManifest = 1 << 20

// manifest reads the manifest of a backup.
func (p *place) manifest(ctx context.Context, id tenantdb.ID, sequence int64) (b Backup, err error) {
	b = Backup{Sequence: sequence, Database: tenantdb.Manifest{Tenant: id}}
	r, err := p.options.Backups.Get(ctx, manifestName(id, sequence))
	if errors.Is(err, fs.ErrNotExist) {
		return b, fmt.Errorf("%w: number %d", ErrNoBackup, sequence)
	}
	if err != nil {
		return b, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	content, err := io.ReadAll(io.LimitReader(r, maxManifest))
	if err != nil {
		return b, err
	}
	var have Backup
	if err := json.Unmarshal(content, &have); err != nil {
		return b, fmt.Errorf("%w: the manifest of number %d: %w", ErrBadBackup, sequence, err)
	}
	if have.Format != 1 || have.Sequence != sequence || have.Database.Tenant != id {
		return b, fmt.Errorf("%w: the manifest of number %d says format %d, number %d, tenant %q", ErrBadBackup, sequence, have.Format, have.Sequence, have.Database.Tenant)
	}
	return have, nil
}

// removeHalves removes databases that have no manifest: a Backup died between the two, or a
// removal. The tenant's lock is held.
func (p *place) removeHalves(ctx context.Context, id tenantdb.ID, have *objects) error {
	for _, sequence := range only(have.databases, have.manifests) {
		p.step("remove half a backup")
		if err := p.options.Backups.Remove(ctx, databaseName(id, sequence)); err != nil {
			return err
		}
	}
	return nil
}

// removeBackup removes a backup: first what makes it one.
func (p *place) removeBackup(ctx context.Context, id tenantdb.ID, sequence int64) error {
	p.step("remove a manifest")
	if err := p.options.Backups.Remove(ctx, manifestName(id, sequence)); err != nil {
		return err
	}
	p.step("remove a database")
	return p.options.Backups.Remove(ctx, databaseName(id, sequence))
}
