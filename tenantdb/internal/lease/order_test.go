package lease

import (
	"slices"
	"time"
)

// victim returns the key whose value is to make room, or "": the first in order that is
// idle and untouched, or else the first that is idle. Those that it passes over are looked
// at.
func (m *model) victim() string {
	for _, name := range slices.Clone(m.order) {
		switch k := m.keys[name]; {
		case k.idle() && !k.touched:
			return name
		case k.idle():
			m.look(name, m.now+time.Minute/2)
		}
	}
	for _, name := range m.order {
		if m.keys[name].idle() {
			return name
		}
	}
	return ""
}

// look moves a key that was in use to the end of the order.
func (m *model) look(name string, sweep time.Duration) {
	k := m.keys[name]
	k.touched = k.leases > 0
	k.seen = sweep
	m.leaveOrder(name)
	m.order = append(m.order, name)
}

func (m *model) leaveOrder(name string) {
	m.order = slices.DeleteFunc(m.order, func(other string) bool { return other == name })
}

func (m *model) evictIdle(n int) {
	for ; n > 0; n-- {
		if victim := m.victim(); victim != "" {
			m.close(victim)
			m.evictions++
		}
	}
	m.settle()
}

// sleep lets a minute pass, half of it after a sweep.
func (m *model) sleep() {
	m.now += time.Minute / 2
	for _, name := range slices.Clone(m.order) {
		if k := m.keys[name]; k.touched || k.leases > 0 {
			m.look(name, m.now)
		}
	}
	for _, name := range slices.Clone(m.order) {
		if m.now-m.keys[name].seen >= m.idleAfter {
			m.close(name)
		}
	}
	m.now += time.Minute / 2
	m.settle()
}
