package tenantdb_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/internal/sqlite/sqlitefault"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

var modelTenants = []string{"acme", "globex", "initech"}

// world is some tenants, those who use them, and what the model knows of them.
type world struct {
	folder     string
	maxOpen    int
	durability tenantdb.Durability
	plan       *sqlitefault.Plan

	local *actor
	peer  *peer // the other process, nil while there is none

	// maybe is what each tenant's rows may be: one state, but after a commit of unknown
	// outcome, until the next read tells.
	maybe map[string][]state
	held  []*heldModel
	value int64 // the last that was new

	tally tally
}

// heldModel is what the model knows of a callback that is held.
type heldModel struct {
	heldKey
	peer bool
	sees state
}

// modelTemplate makes a folder with the tenants, to be copied.
func modelTemplate(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	dir, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: folder})
	if err != nil {
		t.Fatal(err)
	}
	store := openStore[cells](t, dir)
	for _, name := range modelTenants {
		create(t, store, name)
	}
	if err := dir.Close(); err != nil {
		t.Fatal(err)
	}
	return folder
}

func newWorld(t *testing.T, template string, maxOpen int, durability tenantdb.Durability) (*world, error) {
	t.Helper()
	folder, err := os.MkdirTemp("", "silo-model-*") //nolint:usetesting // a long run makes thousands
	if err != nil {
		return nil, err
	}
	w := &world{folder: folder, maxOpen: maxOpen, durability: durability, maybe: map[string][]state{}, tally: newTally()}
	for _, name := range modelTenants {
		w.maybe[name] = []state{{}}
	}
	if err := os.CopyFS(folder, os.DirFS(template)); err != nil {
		return nil, err
	}
	w.plan = sqlitefault.Below(t, folder)
	w.local, err = newActor(folder, maxOpen, durability)
	return w, err
}

// clear ends what is left of a world after a failure, and removes its folder.
func (w *world) clear() {
	w.plan.Disarm()
	if w.peer != nil {
		_, _ = w.peer.killAfter(nil, 0)
	}
	if w.local != nil {
		_ = w.local.close()
	}
	_ = os.RemoveAll(w.folder)
}

// ask has one of the two carry out an order.
func (w *world) ask(byPeer bool, o order) answer {
	if !byPeer {
		return w.local.do(o)
	}
	if w.peer == nil {
		p, err := startPeer(w.folder, w.maxOpen, w.durability)
		if err != nil {
			return answer{How: wrong, Text: err.Error()}
		}
		w.peer = p
		w.tally.counts["processes"]++
	}
	return w.peer.do(o)
}

// learn fails unless a tenant may have the rows that were read, and then knows.
func (w *world) learn(tenant string, seen state) error {
	for _, s := range w.maybe[tenant] {
		if maps.Equal(s, seen) {
			w.maybe[tenant] = []state{s}
			return nil
		}
	}
	return fmt.Errorf("%s reads %v, has %v", tenant, seen, w.maybe[tenant])
}

// become replaces what a tenant's rows may be.
func (w *world) become(tenant string, states []state) {
	var distinct []state
	for _, s := range states {
		if !slices.ContainsFunc(distinct, func(o state) bool { return maps.Equal(s, o) }) {
			distinct = append(distinct, s)
		}
	}
	w.maybe[tenant] = distinct
}

// list reads a tenant's rows, where nothing is to fail.
func (w *world) list(byPeer bool, tenant string) error {
	a := w.ask(byPeer, order{Do: "list", Tenant: tenant})
	if a.How != done {
		return fmt.Errorf("reading %s: %s %s", tenant, a.How, a.Text)
	}
	return w.learn(tenant, a.Seen[0])
}

// find returns a callback that is held on the tenant, or nil.
func (w *world) find(tenant string, is func(*heldModel) bool) *heldModel {
	for _, h := range w.held {
		if h.tenant == tenant && is(h) {
			return h
		}
	}
	return nil
}

// writing reports whether a Write is held on the tenant, for which others would wait.
func (w *world) writing(tenant string) bool {
	return w.find(tenant, func(h *heldModel) bool { return h.write }) != nil
}

// end closes everything and looks at all that is left.
func (w *world) end() error {
	for len(w.held) > 0 {
		if err := w.endHeld(w.held[0], "commit"); err != nil {
			return err
		}
	}
	for _, tenant := range modelTenants {
		if err := w.list(false, tenant); err != nil {
			return err
		}
		if w.peer == nil {
			continue
		}
		if err := w.list(true, tenant); err != nil {
			return fmt.Errorf("the other process: %w", err)
		}
	}
	if w.peer != nil {
		p := w.peer
		w.peer = nil
		if err := p.finish(); err != nil {
			return err
		}
	}
	local := w.local
	w.local = nil
	if err := errors.Join(local.close(), tenanttest.Check(context.Background(), w.folder)); err != nil {
		return err
	}
	fresh, err := newActor(w.folder, w.maxOpen, w.durability)
	if err != nil {
		return err
	}
	w.local = fresh
	for _, tenant := range modelTenants {
		if err := w.list(false, tenant); err != nil {
			return fmt.Errorf("opened again: %w", err)
		}
	}
	return nil
}

// told is a step as one line.
func (w *world) told(s step) string {
	line, err := json.Marshal(s)
	if err != nil {
		return err.Error()
	}
	return string(line)
}
