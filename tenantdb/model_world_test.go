package tenantdb_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
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
	// open says of a commit of unknown outcome how it stands; see learn.
	open  map[string]openness
	held  []*heldModel
	value int64 // the last that was new

	tally   tally
	history []string // of the last steps
}

// heldModel is what the model knows of a callback that is held.
type heldModel struct {
	heldKey
	peer bool
	saw  state // at first
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
	w := &world{folder: folder, maxOpen: maxOpen, durability: durability, maybe: map[string][]state{}, open: map[string]openness{}, tally: newTally()}
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

// openness is how a commit of unknown outcome stands.
type openness int

const (
	settled openness = iota // the next read tells for good
	unsettled
	passedOver // the file was opened while the other process wrote, or that was killed: the next commit tells
)

// learn fails unless a tenant may have the rows that were read, and then knows: but a
// commit that failed on a disk which went on failing is settled by this process when it
// opens the file anew, or by the next commit of any.
func (w *world) learn(byPeer bool, tenant string, seen state) error {
	for _, s := range w.maybe[tenant] {
		if !maps.Equal(s, seen) {
			continue
		}
		if w.open[tenant] == unsettled && !byPeer {
			w.open[tenant] = settled
			if w.find(tenant, func(h *heldModel) bool { return h.write && h.peer }) != nil {
				w.open[tenant] = passedOver
			}
		}
		if w.open[tenant] == settled {
			w.maybe[tenant] = []state{s}
		}
		return nil
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
	return w.learn(byPeer, tenant, a.Seen[0])
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

// note remembers a step that was taken.
func (w *world) note(s step, a answer, faults int) {
	by := "here"
	if s.Peer {
		by = "other"
	}
	line := fmt.Sprintf("%-5s %-7s %-10s write=%t end=%s cancel=%d %+v", by, modelTenants[s.Tenant], s.Do, s.Write, s.End, s.Cancel, s.Changes)
	if s.Fault != nil {
		line += fmt.Sprintf(" %+v failed %d", *s.Fault, faults)
	}
	w.history = append(w.history, fmt.Sprintf("%s → %q %s %d", line, a.How, a.Text, a.Changed))
	w.history = w.history[max(0, len(w.history)-toldSteps):]
}

// toldSteps is how many steps are told of after a failure.
const toldSteps = 60

// failed is what a test says that fails in a step.
func (w *world) failed(i int, s step, err error) string {
	return fmt.Sprintf("step %d, %s of %s, by the other process: %t: %v\nbefore:\n%s", i, s.Do, modelTenants[s.Tenant], s.Peer, err, strings.Join(w.history, "\n"))
}
