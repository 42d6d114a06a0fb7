package tenantdb_test

import (
	"fmt"
	"maps"
	"slices"
)

// hold begins a callback that stays open, where nobody will wait for its end.
func (w *world) hold(byPeer bool, o order) error {
	for _, h := range w.held {
		switch {
		case h.tenant == o.Tenant && h.write && o.Write:
			return nil // the tenant has one writer
		case h.peer == byPeer && h.tenant == o.Tenant && h.write == o.Write:
			return nil // another reader is left for others
		case h.peer == byPeer && h.tenant != o.Tenant:
			return nil // another place is left for other tenants
		}
	}
	if len(w.maybe[o.Tenant]) > 1 {
		o.N = 0 // what it sees is to be learnt
	}
	a := w.ask(byPeer, o)
	w.note(step{Do: "hold", Tenant: slices.Index(modelTenants, o.Tenant), Peer: byPeer, Write: o.Write}, a, 0)
	w.tally.counts["hold "+a.How]++
	if a.How != done {
		return fmt.Errorf("it is %q %s", a.How, a.Text)
	}
	sees := w.maybe[o.Tenant][0]
	if o.N != unread {
		sees = a.Seen[0]
		if err := w.learn(byPeer, o.Tenant, sees); err != nil {
			return err
		}
	}
	w.held = append(w.held, &heldModel{heldKey: heldKey{o.Tenant, o.Write}, peer: byPeer, saw: sees, sees: sees})
	return nil
}

// useHeld lists, writes or ends within a callback that is held on the tenant.
func (w *world) useHeld(tenant string, s step) error {
	h := w.find(tenant, func(h *heldModel) bool { return s.Do != "held write" || h.write })
	if h == nil {
		return nil
	}
	w.tally.counts[s.Do]++
	switch s.Do {
	case "held list":
		return w.listHeld(h)
	case "held end":
		return w.endHeld(h, s.End)
	}
	o := order{Do: s.Do, Tenant: tenant, Write: true, Changes: w.fresh(tenant, s.Changes), Ignore: s.Ignore}
	after, changed, ok := h.sees.walk(o, nil)
	want := done
	if !ok {
		want = constraint
	}
	h.sees = after // a statement that fails leaves the others
	a := w.ask(h.peer, o)
	if a.How != want || !slices.Equal(a.Changed, changed) || ok && !maps.Equal(a.Seen[0], after) {
		return fmt.Errorf("it is %q %s, changing %d, reading %v; want %q, %d, %v", a.How, a.Text, a.Changed, a.Seen, want, changed, after)
	}
	return nil
}

func (w *world) listHeld(h *heldModel) error {
	a := w.ask(h.peer, order{Do: "held list", Tenant: h.tenant, Write: h.write})
	if a.How != done || !maps.Equal(a.Seen[0], h.sees) {
		return fmt.Errorf("within, %s reads %v, %q %s; it had %v", h.tenant, a.Seen, a.How, a.Text, h.sees)
	}
	return nil
}

func (w *world) endHeld(h *heldModel, how string) error {
	w.held = slices.DeleteFunc(w.held, func(other *heldModel) bool { return other == h })
	a := w.ask(h.peer, order{Do: "held end", Tenant: h.tenant, Write: h.write, End: how})
	w.note(step{Do: "held end", Tenant: slices.Index(modelTenants, h.tenant), Peer: h.peer, Write: h.write, End: how}, a, 0)
	want := done
	if how != "commit" {
		want = undone
	}
	if a.How != want {
		return fmt.Errorf("ending with %s is %q %s", how, a.How, a.Text)
	}
	if h.write && want == done && !maps.Equal(h.sees, h.saw) {
		w.become(h.tenant, []state{h.sees})
		w.open[h.tenant] = settled
	}
	return nil
}

// settle ends what this process holds on a tenant whose files have failed: it may be
// closed, and is opened anew once nobody uses it. What was held is sound all the same.
func (w *world) settle(tenant string) error {
	for {
		h := w.find(tenant, func(h *heldModel) bool { return !h.peer })
		if h == nil {
			return nil
		}
		if err := w.listHeld(h); err != nil {
			return err
		}
		if err := w.endHeld(h, "commit"); err != nil {
			return err
		}
	}
}
