package lifecycle

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// Erased is the manifest of an erasure: what was removed, and what was not. Its
// encoding as JSON is stable.
type Erased struct {
	Tenant    tenantdb.ID           `json:"tenant"`
	Files     []tenantdb.ErasedFile `json:"files"`     // of the data folder, retired ones and leftovers among them
	Exports   []tenantdb.ErasedFile `json:"exports"`   // where Export has written them
	Backups   []Object              `json:"backups"`   // names in the Target
	Aliases   []Alias               `json:"aliases"`   // in the catalog, with the display name, labels and metadata
	Unreached []Unreached           `json:"unreached"` // what is left to do, or to know
}

// Unreached is something of the tenant that Erase could not remove, or knows to be
// beyond it.
type Unreached struct {
	What  string `json:"what"`
	Where string `json:"where,omitempty"`
	Why   string `json:"why"`
}

// Erase removes all that Silo has of a tenant: its files, retired ones too; copies that
// operations which died have left, also creations of other tenants of its data, which are undone; its exports, where Export wrote them; its backups; and
// its entry in the catalog with aliases, labels and metadata. Who and what is taken out of the
// audit's entries about it (see [catalog.Catalog.Redact]), and the global database is written anew, so that
// nothing that was removed is left in free pages or in its log. The manifest says what was removed,
// and what could not be reached; only its counts are kept in the audit. Nothing brings the tenant back.
//
// A protected tenant is [catalog.ErrProtected]; if another process still has it open after
// [Options].WaitElsewhere the error is [tenantdb.ErrTenantOpenElsewhere]; both leave it as it was. Of a tenant that is not known
// any more, backups and exports are removed all the same, so that erasing it once more
// is no error. If it fails after its beginning or the process dies, nobody reaches the tenant,
// nothing but erasing it again is allowed ([ErrErasing]), and the manifest then has what was
// removed from there on.
func (m *Manager[S]) Erase(ctx context.Context, id tenantdb.ID) (e Erased, err error) {
	e = Erased{Tenant: id, Files: []tenantdb.ErasedFile{}, Exports: []tenantdb.ErasedFile{}, Backups: []Object{}, Aliases: []Alias{}, Unreached: []Unreached{}}
	err = m.on(ctx, OpErase, id, func(ctx context.Context) error { return m.erase(ctx, id, &e) })
	return e, err
}

func (m *Manager[S]) erase(ctx context.Context, id tenantdb.ID, e *Erased) error {
	if err := m.mine(ctx); err != nil {
		return err
	}
	is, err := m.find(ctx, id)
	if err != nil {
		return err
	}
	var was before
	begun := is != nil && is.Operation != catalog.Erasing
	if begun {
		m.step("mark as being erased")
		was = beforeOf(*is)
		erasing := catalog.Change{State: catalog.Deleting, Reason: "it is being erased"}
		marked, err := m.begin(ctx, OpErase, *is, within(erasing, catalog.Erasing), nil)
		if err != nil {
			return err
		}
		is = &marked
	}
	m.step("erase files")
	var files tenantdb.Erasure
	err = m.alone(ctx, func() (err error) {
		files, err = m.store.Erase(ctx, id)
		return err
	})
	e.Files = append(e.Files, files.Removed...)
	if begun && err != nil && len(files.Removed) == 0 && !errors.Is(err, tenantdb.ErrOutcomeUnknown) {
		undoing, cancel := afterwards(ctx)
		defer cancel()
		_, undone := m.catalog.SetState(undoing, id, is.Generation, was.change())
		return errors.Join(err, undone)
	}
	if err != nil {
		return err
	}
	if err := m.eraseMade(ctx, id, e); err != nil {
		return err
	}
	if err := m.eraseExports(ctx, id, e); err != nil {
		return err
	}
	if err := m.eraseBackups(ctx, id, e); err != nil {
		return err
	}
	return m.eraseEntry(ctx, id, is, e)
}

// eraseExports removes the exports that the audit knows of, and what an Export that died
// has left beside their names.
func (m *Manager[S]) eraseExports(ctx context.Context, id tenantdb.ID, e *Erased) error {
	paths := map[string]bool{}
	to := map[string]string{}
	for entry, err := range m.catalog.Entries(ctx, id) {
		if err != nil {
			return err
		}
		var d struct{ Path, To string }
		if json.Unmarshal(entry.Detail, &d) != nil {
			continue
		}
		if entry.Operation == string(OpExport) && d.Path != "" {
			paths[d.Path] = true
		}
		if d.To != "" && slices.Contains([]Operation{OpClone, OpRestoreAs, OpImport}, Operation(entry.Operation)) {
			to[d.To] = entry.Operation
		}
	}
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		if err := m.eraseExport(ctx, id, path, e); err != nil {
			return err
		}
	}
	for _, other := range slices.Sorted(maps.Keys(to)) {
		e.Unreached = append(e.Unreached, Unreached{What: "tenant", Where: other, Why: "it was made of this tenant's data (" + to[other] + "); erase it too if it holds any still"})
	}
	return nil
}

func (m *Manager[S]) eraseExport(ctx context.Context, id tenantdb.ID, path string, e *Erased) error {
	unreached := func(why string) {
		e.Unreached = append(e.Unreached, Unreached{What: "export", Where: path, Why: why})
	}
	remove := []string{}
	if entries, err := os.ReadDir(filepath.Dir(path)); err == nil {
		for _, left := range entries {
			if strings.HasPrefix(left.Name(), exportPart(path)) {
				remove = append(remove, filepath.Join(filepath.Dir(path), left.Name()))
			}
		}
	}
	var found Exported
	err := m.noSecondName(path)
	if err == nil {
		found, err = readArchive(ctx, path, "")
	}
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, fs.ErrNotExist):
		unreached("it is not there: if it was moved or sent away, remove it there")
	case err != nil && found.Database.Tenant != id:
		unreached("what is there cannot be read as an export: " + err.Error())
	case found.Database.Tenant != id:
		unreached("what is there is another tenant's export")
	default:
		remove = append(remove, path)
	}
	for _, file := range remove {
		info, err := os.Lstat(file)
		if err != nil {
			continue
		}
		m.step("remove an export")
		if err := m.files.Remove(file); err != nil {
			unreached("it could not be removed: " + err.Error())
			continue
		}
		e.Exports = append(e.Exports, tenantdb.ErasedFile{Path: file, Size: info.Size()})
	}
	return nil
}

// eraseBackups removes the tenant's backups, halves of them too.
func (m *Manager[S]) eraseBackups(ctx context.Context, id tenantdb.ID, e *Erased) error {
	have, err := m.objects(ctx, id)
	if err != nil {
		return err
	}
	all := maps.Clone(have.databases)
	maps.Copy(all, have.manifests)
	all[have.highest+1] = 0 // what a Backup that died was putting there, which has no name yet
	for _, sequence := range slices.Sorted(maps.Keys(all)) {
		manifest, isWhole := have.manifests[sequence]
		database, hasDatabase := have.databases[sequence]
		if err := m.removeBackup(ctx, id, sequence); err != nil {
			return err
		}
		if isWhole {
			e.Backups = append(e.Backups, Object{Name: manifestName(id, sequence), Size: manifest})
		}
		if hasDatabase {
			e.Backups = append(e.Backups, Object{Name: databaseName(id, sequence), Size: database})
		}
	}
	return nil
}

// eraseGlobalHalves removes the copies of the global database that operations which died have
// left, and returns the backups of it that there are.
func (m *Manager[S]) eraseGlobalHalves(ctx context.Context, e *Erased) (have *objects, err error) {
	global := tenantdb.ID{}
	_, release, err := m.locks.try(ctx, global)
	if err != nil && !errors.Is(err, ErrNested) {
		return nil, err
	}
	if release == nil {
		e.Unreached = append(e.Unreached, Unreached{What: "an operation on global.db", Where: filepath.Join(m.root, workFolder),
			Why: "it is under way, and its copy may have what the catalog knew of the tenant"})
		return m.objects(ctx, global)
	}
	defer release()
	m.sweepWork(global)
	if have, err = m.objects(ctx, global); err != nil {
		return nil, err
	}
	if err := m.removeHalves(ctx, global, have); err != nil {
		return nil, err
	}
	return have, m.removeBackup(ctx, global, have.highest+1) // as of tenants
}

// eraseEntry takes the tenant out of the catalog and records the manifest, in one commit.
func (m *Manager[S]) eraseEntry(ctx context.Context, id tenantdb.ID, is *catalog.Tenant, e *Erased) error {
	aliases, err := m.catalog.Aliases(ctx, id)
	if err != nil {
		return err
	}
	have, err := m.eraseGlobalHalves(ctx, e)
	if err != nil {
		return err
	}
	if all := have.sequences(); len(all) > 0 {
		e.Unreached = append(e.Unreached, Unreached{What: "backups of global.db", Where: databaseName(tenantdb.ID{}, all[0]) + " to " + databaseName(tenantdb.ID{}, all[len(all)-1]),
			Why: "they have what the catalog knew of the tenant until they are pruned; back it up anew, and keep only that one"})
	}
	global := filepath.Join(m.root, "global.db")
	e.Unreached = append(e.Unreached,
		Unreached{What: "the application's rows", Where: global, Why: "only the application knows which of them are about the tenant"},
		Unreached{What: "copies by other means", Why: "copied files, snapshots of the disk, and exports that were sent away are not known here"},
		Unreached{What: "free blocks of the disk", Why: "files are unlinked, not written over; encrypt the disk, and have it trimmed"})
	m.step("forget")
	redacted := int64(0)
	err = m.catalog.Write(ctx, func(ctx context.Context, tx *catalog.Tx) error {
		if is != nil {
			ended, err := tx.SetState(ctx, id, is.Generation, within(catalog.Change{State: catalog.Deleted}, ""))
			if err == nil {
				err = tx.Forget(ctx, id, ended.Generation)
			}
			if err != nil {
				return err
			}
		}
		for _, a := range aliases {
			e.Aliases = append(e.Aliases, Alias{Kind: a.Kind, Value: a.Value})
		}
		if redacted, err = tx.Redact(ctx, id); err != nil {
			return err
		}
		// Counts only: names of files and aliases may be about people, and this stays.
		return tx.Record(ctx, entry(OpErase, id, ResultOK, detail{
			"files": len(e.Files), "exports": len(e.Exports), "backups": len(e.Backups), "aliases": len(e.Aliases), "unreached": len(e.Unreached),
		}))
	})
	if err != nil {
		return err
	}
	if redacted > 0 {
		e.Unreached = append(e.Unreached, Unreached{What: "audit", Where: global,
			Why: "what was done to the tenant, and when, stays recorded under its ID; by whom and with what was taken out"})
	}
	m.step("compact")
	if err := m.catalog.Compact(ctx); err != nil {
		// The tenant is erased, and nobody sees what is left.
		e.Unreached = append(e.Unreached, Unreached{What: "free pages", Where: global,
			Why: "the names, labels and aliases that were removed may be in them until they are written over; erase it again: " + err.Error()})
	}
	return nil
}
