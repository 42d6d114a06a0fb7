package lease

import (
	"maps"
	"slices"
	"time"
)

// model says what a cache with instant closings has to do: one thing after another, with
// plain lists and rules applied until none applies. It shares nothing with the cache.
type model struct {
	limit     int
	idleAfter time.Duration
	now       time.Duration
	keys      map[string]*modelKey // forgotten when there is neither value nor call
	order     []string             // of what is open: who makes room first
	turns     int                  // for places in the queue
	closed    []string
	evictions uint64
}

type modelKey struct {
	state   string // "", "opening" or "open"
	opener  *modelCall
	leases  int
	broken  bool
	callers []*modelCall
	evicts  []*modelCall  // the first may be at work
	place   int           // in the queue; 0: in none
	touched bool          // leased, but for its opening, since it was last looked at
	seen    time.Duration // the sweep before which it was last known to be used
}

// modelCall is an Acquire or an Evict.
type modelCall struct {
	key   string
	evict bool
	late  bool
	state string // waiting, opening, leased, returned, working, done, or how it failed
}

func (m *model) key(name string) *modelKey {
	if m.keys[name] == nil {
		m.keys[name] = new(modelKey)
	}
	return m.keys[name]
}

func (m *model) names() []string {
	var names []string
	for name := range m.keys {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (k *modelKey) usable() bool { return k.state == "open" && !k.broken && len(k.evicts) == 0 }

func (k *modelKey) idle() bool { return k.usable() && k.leases == 0 }

func (k *modelKey) working() bool { return len(k.evicts) > 0 && k.evicts[0].state == "working" }

func (m *model) count(is func(*modelKey) bool) int {
	n := 0
	for _, k := range m.keys {
		if is(k) {
			n++
		}
	}
	return n
}

// oldest returns the key that comes first by an order, of those that are so, or "".
func (m *model) oldest(is func(*modelKey) bool, order func(*modelKey) int) string {
	first := ""
	for _, name := range m.names() {
		if k := m.keys[name]; is(k) && (first == "" || order(k) < order(m.keys[first])) {
			first = name
		}
	}
	return first
}

func (m *model) close(name string) {
	k := m.keys[name]
	k.state, k.broken, k.touched = "", false, false
	m.leaveOrder(name)
	m.closed = append(m.closed, name)
}

// settle applies the rules until none applies.
func (m *model) settle() {
	for changed := true; changed; {
		changed = false
		for _, name := range m.names() {
			changed = m.settleKey(name) || changed
		}
		changed = m.fill() || changed
	}
	maps.DeleteFunc(m.keys, func(_ string, k *modelKey) bool {
		return k.state == "" && len(k.callers)+len(k.evicts) == 0
	})
}

func (m *model) settleKey(name string) bool {
	k := m.keys[name]
	changed := false
	if len(k.evicts) == 0 {
		for _, c := range k.callers {
			c.late = false
		}
	}
	if k.usable() {
		for _, c := range k.callers {
			c.state = "leased"
			k.leases++
			k.touched, changed = true, true
		}
		k.callers = nil
	}
	if k.state == "open" && k.leases == 0 && (k.broken || len(k.evicts) > 0) {
		m.close(name)
		changed = true
	}
	if k.state == "" && len(k.evicts) > 0 && !k.working() {
		k.evicts[0].state = "working"
		changed = true
	}
	switch {
	case len(k.callers) == 0, k.state == "opening":
		k.place = 0
	case k.place == 0:
		m.turns++
		k.place = m.turns
	}
	return changed
}

// fill gives one place, if there is one, to the first key that can use it.
func (m *model) fill() bool {
	name := m.oldest(
		func(k *modelKey) bool { return k.place > 0 && k.state == "" && len(k.evicts) == 0 },
		func(k *modelKey) int { return k.place })
	if name == "" {
		return false
	}
	if m.count(func(k *modelKey) bool { return k.state != "" }) >= m.limit {
		victim := m.victim()
		if victim == "" {
			return false
		}
		m.close(victim)
		m.evictions++
	}
	m.lead(name)
	return true
}

// lead makes the first caller that may open the value do so.
func (m *model) lead(name string) bool {
	k := m.keys[name]
	i := slices.IndexFunc(k.callers, func(c *modelCall) bool { return !c.late })
	k.state, k.opener = "", nil
	if i < 0 {
		return false
	}
	k.state, k.opener, k.place = "opening", k.callers[i], 0
	k.callers[i].state = "opening"
	k.callers = slices.Delete(k.callers, i, i+1)
	return true
}

func (m *model) acquire(name string) *modelCall {
	k := m.key(name)
	c := &modelCall{key: name, state: "waiting", late: len(k.evicts) > 0}
	k.callers = append(k.callers, c)
	m.settle()
	return c
}

func (m *model) evict(name string) *modelCall {
	k := m.key(name)
	c := &modelCall{key: name, state: "waiting", evict: true}
	k.evicts = append(k.evicts, c)
	m.settle()
	return c
}

// finishOpen ends an opening: well, or with an error for all who waited for it.
func (m *model) finishOpen(c *modelCall, ok bool) {
	k := m.keys[c.key]
	waited := []*modelCall{c}
	var late []*modelCall
	for _, other := range k.callers {
		if other.late {
			late = append(late, other)
		} else {
			waited = append(waited, other)
		}
	}
	k.callers, k.opener, k.state = late, nil, ""
	for _, other := range waited {
		other.state = "failed"
		if ok {
			other.state = "leased"
			k.state = "open"
			k.leases++
		}
	}
	if ok {
		m.order = append(m.order, c.key)
		k.seen = m.now + time.Minute/2
	}
	m.settle()
}

// leaseByRef leases through a Ref that was kept while the key was k.
func (m *model) leaseByRef(name string, k *modelKey) *modelCall {
	c := &modelCall{key: name, state: "no lease"}
	if k != nil && k.usable() {
		c.state = "leased"
		k.leases++
		k.touched = true
	}
	return c
}

func (m *model) giveBack(c *modelCall, broken bool) {
	k := m.keys[c.key]
	c.state = "returned"
	k.broken = k.broken || broken
	k.leases--
	m.settle()
}

func (m *model) finishEvict(c *modelCall) {
	k := m.keys[c.key]
	k.evicts = k.evicts[1:]
	c.state = "done"
	m.settle()
}

// cancel ends the context of a call that waits or opens.
func (m *model) cancel(c *modelCall) {
	k := m.keys[c.key]
	switch {
	case c.state == "opening":
		c.state = "gave up"
		m.lead(c.key)
	case c.evict:
		k.evicts = slices.DeleteFunc(k.evicts, func(o *modelCall) bool { return o == c })
		c.state = "gave up"
	default:
		k.callers = slices.DeleteFunc(k.callers, func(o *modelCall) bool { return o == c })
		c.state = "gave up"
		if k.state == "" && len(k.evicts) == 0 {
			c.state = "gave up: full"
		}
	}
	m.settle()
}
