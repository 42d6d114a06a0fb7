package lifecycle_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/internal/sqlite"
	"github.com/silokit/silo/tenantdb/internal/sqlite/sqlitefault"
	"github.com/silokit/silo/tenantdb/lifecycle"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// player plays moves to a world and to the model of it.
type player struct {
	world
	folder string
	model  *model
	plan   *sqlitefault.Plan
	counts map[string]int
	copies int
}

func (p *player) open() error {
	dir, err := tenantdb.Open(context.Background(), tenantdb.Options{Path: filepath.Join(p.folder, "data")})
	if err != nil {
		return err
	}
	// A minute ahead: what was left a moment ago is old.
	p.world, err = enter(context.Background(), dir, lifecycle.Options{Now: func() time.Time { return time.Now().Add(2 * time.Hour) }})
	return err
}

// play makes one move, and looks whether the world is what the model says.
func (p *player) play(d move) error {
	if d.Do == "import" && len(p.model.exports) == 0 {
		d.Do = "doctor"
	}
	before, after := p.model, p.model.clone()
	refused := after.apply(d)
	before.values = after.values
	p.counts[d.Do]++
	if d.Do == "reopen" {
		return errors.Join(p.dir.Close(), p.open())
	}
	failed := 0
	if d.Fault != nil {
		p.plan.Arm(*d.Fault)
	}
	done, err := p.make(d, before)
	if d.Fault != nil {
		failed = p.plan.Disarm()
	}
	switch {
	case failed > 0:
		p.counts["with faults"]++
		return p.settle(d, before, after, refused, done, err)
	case refused != nil:
		p.counts["refused"]++
		if !errors.Is(err, refused) {
			return fmt.Errorf("got %w, want %w", err, refused)
		}
		after = before
	case err != nil:
		return err
	case done == skipped:
		if l := before.lives[modelIDs[d.ID]]; !maps.Equal(l.content, l.backups[len(l.backups)-1].content) {
			return errors.New("it was skipped, and has changed since its last backup")
		}
		after = before
	}
	p.model = after
	return p.compare(p.model, d)
}

// settle finds out what an operation has done while the disk failed.
func (p *player) settle(d move, before, after *model, refused error, done outcome, err error) error {
	if refused != nil || done == skipped {
		after = before
	}
	if err != nil {
		p.counts["failed"]++
	}
	list, found := p.findings(context.Background(), lifecycle.DoctorOptions{Fix: lifecycle.FixSafe})
	if found != nil {
		return fmt.Errorf("after %w: Doctor: %w", err, found)
	}
	if len(list) > 0 {
		p.counts["mended by Doctor"]++
	}
	list, found = p.findings(context.Background(), lifecycle.DoctorOptions{Depth: lifecycle.DepthContent})
	if found != nil || len(list) > 0 {
		return fmt.Errorf("after %w: Doctor, who has mended, finds %+v, %w", err, list, found)
	}
	isAfter := p.compare(after, d)
	if isAfter == nil {
		p.model = after
		return nil
	}
	isBefore := p.compare(before, d)
	if err == nil || isBefore != nil {
		if partly := p.partly(d, before, after); partly == nil {
			return nil
		}
		return fmt.Errorf("after %w: it is neither as after it (%w) nor as before (%w)", err, isAfter, isBefore)
	}
	p.model = before
	return nil
}

// partly takes what a Prune has removed before it failed, each of which is a step of its own.
func (p *player) partly(d move, before, after *model) error {
	id := modelIDs[d.ID]
	all, few := before.lives[id].backups, after.lives[id].backups
	for n := range len(all) - len(few) {
		between := before.clone()
		l := between.lives[id]
		l.backups = all[n:]
		between.lives[id] = l
		if d.Do == "prune" && p.compare(between, d) == nil {
			p.model = between
			return nil
		}
	}
	return errors.New("it is no part of it")
}

// outcome is what an operation says that it has done.
type outcome int

const (
	ordinary outcome = iota
	skipped          // nothing, for nothing has changed
)

// make makes a move in the world.
func (p *player) make(d move, before *model) (done outcome, err error) {
	ctx, id, other := context.Background(), modelIDs[d.ID], modelIDs[d.Other]
	l := before.lives[id]
	sequence := int64(999) // there is none
	if from, ok := l.pick(d.N); ok {
		sequence = from.sequence
	}
	switch d.Do {
	case "put":
		err = p.put(id, keyOf(d.Key), before.value())
	case "create":
		_, err = p.m.Create(ctx, creation{ID: id, Seed: seed(before.value())})
	case "create with key":
		_, err = p.m.Create(ctx, creation{ID: id, Key: "of " + id.String(), Seed: seed(before.value())})
	case "suspend":
		_, err = p.m.Suspend(ctx, id, lifecycle.SuspendOptions{})
	case "suspend to read":
		_, err = p.m.Suspend(ctx, id, lifecycle.SuspendOptions{Suspension: catalog.ReadOnly})
	case "resume":
		_, err = p.m.Resume(ctx, id)
	case "quarantine":
		_, err = p.m.Quarantine(ctx, id, "")
	case "delete":
		_, err = p.m.Delete(ctx, id, "")
	case "undelete":
		_, err = p.m.Undelete(ctx, id)
	case "purge":
		err = p.m.PurgeTenant(ctx, id)
	case "erase":
		_, err = p.m.Erase(ctx, id)
	case "backup":
		var b lifecycle.BackedUp
		if b, err = p.m.Backup(ctx, id, lifecycle.BackupOptions{}); b.Skipped != "" {
			done = skipped
		}
	case "prune":
		for pruned, failed := range p.m.Prune(ctx, id, lifecycle.PruneOptions{Rules: keeping(d.N)}) {
			err = errors.Join(err, failed, pruned.Err)
		}
	case "restore":
		_, err = p.m.Restore(ctx, id, sequence)
	case "export":
		_, err = p.m.Export(ctx, id, p.exportPath(before.made))
	case "clone":
		_, err = p.m.Clone(ctx, id, creation{ID: other})
	case "restore as":
		_, err = p.m.RestoreAs(ctx, id, sequence, creation{ID: other})
	case "import":
		_, err = p.m.Import(ctx, p.exportPath(before.exports[d.N%len(before.exports)].number), creation{ID: other})
	case "doctor":
		var list []lifecycle.Finding
		list, err = p.findings(ctx, lifecycle.DoctorOptions{Fix: lifecycle.FixSafe})
		if len(list) > 0 {
			err = errors.Join(err, fmt.Errorf("found %+v", list))
		}
	}
	return done, err
}

// compare looks whether what a move is about is as the model says.
func (p *player) compare(m *model, d move) error {
	for _, id := range []tenantdb.ID{modelIDs[d.ID], modelIDs[d.Other]} {
		if err := p.compareLife(id, m.lives[id]); err != nil {
			return fmt.Errorf("%v: %w", id, err)
		}
	}
	var want []string
	for _, e := range m.exports {
		want = append(want, p.exportPath(e.number))
	}
	have, err := filepath.Glob(filepath.Join(p.folder, "export-*"))
	slices.Sort(want)
	if err != nil || !slices.Equal(have, want) {
		return fmt.Errorf("there are exports %v, %w, want %v", have, err, want)
	}
	return nil
}

func (p *player) compareLife(id tenantdb.ID, want life) error {
	t, err := p.cat.Get(context.Background(), id)
	if errors.Is(err, catalog.ErrNotRegistered) {
		err = nil
	}
	if err != nil || t.State != want.state || t.Suspension != want.suspension {
		return fmt.Errorf("it is %q %q, %w; want %q %q", t.State, t.Suspension, err, want.state, want.suspension)
	}
	of, err := p.cat.LookupAlias(context.Background(), lifecycle.KeyKind, "of "+id.String())
	if has := err == nil && of == id; has != want.hasKey {
		return fmt.Errorf("it has a key: %t, %w", has, err)
	}
	var have, wanted []int64
	for b, err := range p.m.Backups(context.Background(), id) {
		if err != nil {
			return err
		}
		have = append(have, b.Sequence)
	}
	for _, b := range want.backups {
		wanted = append(wanted, b.sequence)
	}
	if !slices.Equal(have, wanted) {
		return fmt.Errorf("it has backups %v, want %v", have, wanted)
	}
	files, err := filepath.Glob(filepath.Join(p.dir.Path(), "deleted", id.String()+".*.db"))
	if retired := want.state == catalog.Deleted; err != nil || (len(files) == 1) != retired || len(files) > 1 {
		return fmt.Errorf("its retired files are %v, %w", files, err)
	}
	if want.state == "" || want.state == catalog.Deleted {
		if exists(filepath.Join(p.dir.Path(), "tenants", id.String()+".db")) {
			return errors.New("it has a file")
		}
		return nil
	}
	got, err := p.read(id, want.state)
	if err != nil || !maps.Equal(got, want.content) {
		return fmt.Errorf("it has %v, %w; want %v", got, err, want.content)
	}
	return nil
}

// read returns a tenant's content; of one that nobody may reach by a copy.
func (p *player) read(id tenantdb.ID, state catalog.State) (content, error) {
	got := content{}
	if state == catalog.Active {
		ctx, err := tenantdb.WithTenant(context.Background(), id)
		if err != nil {
			return nil, err
		}
		db, err := p.store.Resolve(ctx)
		if err != nil {
			return nil, err
		}
		all, err := tenant.New(db).ListConfig(ctx)
		for _, c := range all {
			got[c.Key] = c.Value
		}
		return got, err
	}
	p.copies++
	path := filepath.Join(p.folder, fmt.Sprint("copy-", p.copies))
	if _, err := p.store.Snapshot(context.Background(), id, path, tenantdb.SnapshotOptions{}); err != nil {
		return nil, err
	}
	conn, err := sqlite.Open(context.Background(), path, 0, sqlite.Config{Mode: sqlite.ReadOnly})
	if err != nil {
		return nil, err
	}
	err = conn.Query("SELECT key, value FROM config", func(row *sqlite.Stmt) { got[row.ColumnText(0)] = row.ColumnText(1) })
	return got, errors.Join(err, conn.Close(), os.Remove(path))
}

// end compares all, and has every backup and every file checked.
func (p *player) end() error {
	ctx := context.Background()
	for i := range modelIDs {
		if err := p.compare(p.model, move{ID: i, Other: i}); err != nil {
			return err
		}
		for _, b := range p.model.lives[modelIDs[i]].backups {
			if _, err := p.m.Verify(ctx, modelIDs[i], b.sequence); err != nil {
				return err
			}
		}
	}
	list, err := p.findings(ctx, lifecycle.DoctorOptions{Depth: lifecycle.DepthContent})
	if len(list) > 0 {
		err = errors.Join(err, fmt.Errorf("Doctor finds %+v", list))
	}
	return errors.Join(err, p.leftBehind(), p.dir.Close(), tenanttest.Check(ctx, p.folder))
}
