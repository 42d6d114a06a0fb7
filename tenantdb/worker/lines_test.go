package worker

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/silokit/silo/tenantdb"
)

// model is what lines must do, told the long way: one list of all that was given, in order.
type model struct {
	options Options
	waiting []given
	running []tenantdb.ID
	turns   []tenantdb.ID // whose turn it is, in order
	closed  bool
}

type given struct {
	of    tenantdb.ID
	piece int
}

func (m *model) count(id tenantdb.ID) (n int) {
	for _, g := range m.waiting {
		if g.of == id {
			n++
		}
	}
	return n
}

func (m *model) add(id tenantdb.ID, piece int) error {
	switch {
	case m.closed:
		return ErrClosed
	case len(m.waiting) >= m.options.Waiting || m.count(id) >= m.options.WaitingOfOne:
		return ErrFull
	}
	if m.count(id) == 0 && !slices.Contains(m.running, id) {
		m.turns = append(m.turns, id)
	}
	m.waiting = append(m.waiting, given{id, piece})
	return nil
}

func (m *model) next() (tenantdb.ID, int, bool) {
	if len(m.turns) == 0 || len(m.running) >= m.options.Tenants {
		return tenantdb.ID{}, 0, false
	}
	id := m.turns[0]
	m.turns = m.turns[1:]
	m.running = append(m.running, id)
	i := slices.IndexFunc(m.waiting, func(g given) bool { return g.of == id })
	piece := m.waiting[i].piece
	m.waiting = slices.Delete(m.waiting, i, i+1)
	return id, piece, true
}

func (m *model) ended(id tenantdb.ID) {
	m.running = slices.DeleteFunc(m.running, func(other tenantdb.ID) bool { return other == id })
	if m.count(id) > 0 {
		m.turns = append(m.turns, id)
	}
}

func (m *model) remove(id tenantdb.ID, piece int) bool {
	i := slices.Index(m.waiting, given{id, piece})
	if i < 0 {
		return false
	}
	m.waiting = slices.Delete(m.waiting, i, i+1)
	if m.count(id) == 0 {
		m.turns = slices.DeleteFunc(m.turns, func(other tenantdb.ID) bool { return other == id })
	}
	return true
}

func TestLinesDoWhatTheirModelDoes(t *testing.T) {
	var ids []tenantdb.ID
	for i := range 4 {
		id, err := tenantdb.ParseID(fmt.Sprintf("t%d", i))
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	rapid.Check(t, func(rt *rapid.T) {
		bound := rapid.IntRange(1, 4)
		options := Options{Tenants: bound.Draw(rt, "tenants"), Waiting: 2 * bound.Draw(rt, "waiting"), WaitingOfOne: bound.Draw(rt, "waiting of one")}
		l, m := newLines[int](options), &model{options: options}
		tenant, last := rapid.SampledFrom(ids), 0
		rt.Repeat(map[string]func(*rapid.T){
			"add": func(rt *rapid.T) {
				last++
				id := tenant.Draw(rt, "tenant")
				if got, want := l.add(id, last), m.add(id, last); !errors.Is(got, want) || !errors.Is(want, got) {
					rt.Fatalf("add %d of %s: %v, want %v", last, id, got, want)
				}
			},
			"next": func(rt *rapid.T) {
				id, piece, ok := l.next()
				if wantID, want, wantOK := m.next(); id != wantID || piece != want || ok != wantOK {
					rt.Fatalf("next: %d of %s, %v; want %d of %s, %v", piece, id, ok, want, wantID, wantOK)
				}
			},
			"end": func(rt *rapid.T) {
				if len(m.running) == 0 {
					rt.Skip("nothing runs")
				}
				id := rapid.SampledFrom(m.running).Draw(rt, "tenant")
				l.ended(id)
				m.ended(id)
			},
			"remove": func(rt *rapid.T) {
				if last == 0 {
					rt.Skip("nothing was given")
				}
				id, piece := tenant.Draw(rt, "tenant"), rapid.IntRange(1, last).Draw(rt, "piece")
				if got, want := l.remove(id, piece), m.remove(id, piece); got != want {
					rt.Fatalf("remove %d of %s: %v, want %v", piece, id, got, want)
				}
			},
			"close": func(rt *rapid.T) {
				if rapid.IntRange(0, 9).Draw(rt, "chance") == 0 {
					l.closed, m.closed = true, true
				}
			},
			"": func(rt *rapid.T) {
				if l.waiting != len(m.waiting) || l.running != len(m.running) || !slices.Equal(l.ready, m.turns) {
					rt.Fatalf("%d wait, %d run, turns %v; want %d, %d, %v", l.waiting, l.running, l.ready, len(m.waiting), len(m.running), m.turns)
				}
				for _, id := range ids {
					if has := l.of[id] != nil; has != (m.count(id) > 0 || slices.Contains(m.running, id)) {
						rt.Fatalf("of %s something is kept: %v", id, has)
					}
				}
			},
		})
	})
}
