package tenantdb_test

import (
	"fmt"
	"maps"
	"slices"
)

// play does a step, in the world and in the model, and returns what does not agree.
func (w *world) play(s step) error {
	tenant := modelTenants[s.Tenant]
	changes := w.fresh(tenant, s.Changes)
	o := order{Do: s.Do, Tenant: tenant, Changes: changes, End: s.End, Ignore: s.Ignore, N: s.N, Write: s.Write}
	w.tally.counts["steps"]++
	switch s.Do {
	case "hold":
		return w.hold(s.Peer, o)
	case "held list", "held write", "held end":
		return w.useHeld(tenant, s)
	case "kill":
		return w.kill(tenant, changes)
	case "single", "tx", "checkpoint":
		if w.writing(tenant) {
			return nil // it would wait
		}
	case "resolve":
		// If the file is to be opened anew it waits until nobody uses it.
		if w.find(tenant, func(h *heldModel) bool { return !h.peer }) != nil {
			s.Fault = nil
		}
	}
	if s.Do == "tx" && len(w.maybe[tenant]) > 1 {
		if err := w.list(false, tenant); err != nil || len(w.maybe[tenant]) > 1 {
			return err
		}
	}
	if s.Do != "checkpoint" && s.Do != "truncate" {
		o.Cancel = s.Cancel
	}
	a, faults := w.askFailing(s, o)
	w.note(s, a, faults)
	w.tally.counts["faults"] += faults
	w.tally.counts[s.Do+" "+a.How]++
	err := w.agree(s.Peer, o, a, faults > 0)
	if err == nil && faults > 0 {
		err = w.settle(tenant)
	}
	return err
}

// askFailing has an order carried out, in this process with the step's fault. It returns
// how many operations have failed.
func (w *world) askFailing(s step, o order) (a answer, faults int) {
	if s.Fault == nil || s.Peer {
		return w.ask(s.Peer, o), 0
	}
	w.plan.Arm(*s.Fault)
	a = w.ask(false, o)
	return a, w.plan.Disarm()
}

// fresh makes the values that were drawn as new ones new.
func (w *world) fresh(tenant string, drawn []change) []change {
	changes := slices.Clone(drawn)
	for i := range changes {
		switch changes[i].Value {
		case 0:
			w.value++
			changes[i].Value = w.value
		case taken:
			for _, key := range slices.Sorted(maps.Keys(w.maybe[tenant][0])) {
				changes[i].Value = w.maybe[tenant][0][key].Value
			}
		}
	}
	return changes
}

// agree fails unless an answer is one that the model gives; mayFail says that files have
// failed.
func (w *world) agree(byPeer bool, o order, a answer, mayFail bool) error {
	complaint := fmt.Errorf("it is %q %s", a.How, a.Text)
	switch a.How {
	case wrong:
		return complaint
	case cancelled:
		if o.Cancel == 0 {
			return complaint
		}
	case failed, unknown:
		if !mayFail {
			return complaint
		}
	}
	switch o.Do {
	case "single":
		return w.single(o, a)
	case "tx":
		return w.tx(o, a, mayFail)
	}
	for _, seen := range a.Seen {
		if err := w.learn(byPeer, o.Tenant, seen); err != nil {
			return err
		}
	}
	if a.How == constraint || a.How == undone || a.How == unknown {
		return complaint // of what does not write
	}
	return nil
}

// single follows a statement that was run by itself.
func (w *world) single(o order, a answer) error {
	var before, after []state // those that go with the answer
	for _, s := range w.maybe[o.Tenant] {
		next, changed := s.apply(o.Changes[0])
		switch {
		case a.How == done && changed == a.Changed[0]:
			after = append(after, next)
		case a.How == constraint && changed == refused:
			before = append(before, s)
		case a.How == unknown && changed != refused:
			after = append(after, next)
			before = append(before, s)
		case a.How == unknown, a.How == failed, a.How == cancelled:
			before = append(before, s)
		}
	}
	if len(before)+len(after) == 0 {
		return fmt.Errorf("%+v is %q %s, changing %d; %s has %v", o.Changes, a.How, a.Text, a.Changed, o.Tenant, w.maybe[o.Tenant])
	}
	w.become(o.Tenant, append(before, after...))
	w.stands(o.Tenant, a, a.How == done && a.Changed[0] > 0)
	return nil
}

// walk follows the changes of a transaction, but for those that were lost. It returns
// what they come to if all can be made, and else ok as false and what those before come
// to.
func (s state) walk(o order, made []int64) (after state, changed []int64, ok bool) {
	for i, c := range o.Changes {
		if i < len(made) && made[i] == lost {
			changed = append(changed, lost)
			continue
		}
		next, n := s.apply(c)
		if n == refused && !o.Ignore {
			return s, changed, false
		}
		s, changed = next, append(changed, n)
	}
	return s, changed, true
}

// tx follows a whole transaction. The tenant's state is known.
func (w *world) tx(o order, a answer, mayFail bool) error {
	before := w.maybe[o.Tenant][0]
	after, changed, ok := before.walk(o, a.Changed)
	want := done
	switch {
	case !ok:
		want = constraint
	case o.End != "commit":
		want = undone
	}
	if slices.Contains(changed, lost) && o.Cancel == 0 && !mayFail {
		return fmt.Errorf("statements fail: %d", a.Changed)
	}
	fits := a.How == want || a.How == failed || a.How == cancelled || a.How == unknown && want == done
	if !fits || len(a.Changed) > len(changed) || !slices.Equal(a.Changed, changed[:len(a.Changed)]) {
		return fmt.Errorf("it is %q %s, changing %d; want %q, %d", a.How, a.Text, a.Changed, want, changed)
	}
	for _, seen := range a.Seen {
		if !maps.Equal(seen, after) {
			return fmt.Errorf("within, %s reads %v, has %v", o.Tenant, seen, after)
		}
	}
	switch a.How {
	case done:
		w.become(o.Tenant, []state{after})
	case unknown:
		w.become(o.Tenant, []state{before, after})
	}
	w.stands(o.Tenant, a, a.How == done && !maps.Equal(before, after))
	return nil
}

// stands notes what a write does to a commit of unknown outcome before it: one that was
// committed, and changes something, settles that.
func (w *world) stands(tenant string, a answer, committed bool) {
	switch {
	case a.How == unknown:
		w.open[tenant] = unsettled
	case committed:
		w.open[tenant] = settled
	}
}

// kill kills the other process while it writes.
func (w *world) kill(tenant string, changes []change) error {
	if w.peer == nil {
		return nil
	}
	var orders []order
	if !w.writing(tenant) {
		for _, c := range changes {
			orders = append(orders, order{Do: "single", Tenant: tenant, Changes: []change{c}})
		}
	}
	p := w.peer
	w.peer = nil
	w.held = slices.DeleteFunc(w.held, func(h *heldModel) bool { return h.peer })
	given, err := p.killAfter(orders, len(orders)/2)
	if err != nil {
		return err
	}
	w.tally.counts["kills"]++
	w.note(step{Do: "kill", Tenant: slices.Index(modelTenants, tenant), Changes: changes}, answer{Text: fmt.Sprint(given)}, 0)
	for i, a := range given {
		if err := w.agree(true, orders[i], a, false); err != nil {
			return fmt.Errorf("before it was killed: %w", err)
		}
	}
	if len(given) == len(orders) {
		return nil
	}
	// Nobody was told of the next one.
	states := w.maybe[tenant]
	for _, s := range states {
		next, _ := s.apply(orders[len(given)].Changes[0])
		states = append(states, next)
	}
	w.become(tenant, states)
	// Its pages may be in the log, beyond what the index says is the end, where the next
	// commit writes over them. If all processes end before, they count after all.
	w.open[tenant] = passedOver
	return nil
}
