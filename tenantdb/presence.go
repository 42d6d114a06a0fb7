package tenantdb

import (
	"strings"
	"sync"
	"time"
)

const (
	// rememberPresence is how long another process may have made or removed a tenant
	// unnoticed, where there is no catalog.
	rememberPresence = 10 * time.Second
	// mostPresences is how many tenants with a file are remembered, and how many names
	// without. They are counted apart, so that names at random drive no tenant out.
	mostPresences = 16 << 10
)

// presence remembers which tenants have a file. The zero presence remembers nothing.
type presence struct {
	mu      sync.RWMutex // guards what follows; nothing is waited for under it
	changes int          // how often names were given and taken
	there   map[ID]time.Time
	missing map[ID]time.Time
	looks   int64 // at the disk, for tests
}

// look returns whether the tenant has a file, by what is remembered or by find. That a
// known one has none is not taken from memory: it may have been made by another process.
func (p *presence) look(now time.Time, id ID, known bool, find func(ID) (bool, error)) (bool, error) {
	p.mu.RLock()
	thereUntil, missingUntil, changes := p.there[id], p.missing[id], p.changes
	p.mu.RUnlock()
	switch {
	case now.Before(thereUntil):
		return true, nil
	case now.Before(missingUntil) && !known:
		return false, nil
	}
	found, err := find(id)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.looks++
	if err != nil || p.changes != changes {
		return found, err
	}
	// The name may be a part of a request, which is not to be kept with it.
	id = ID{strings.Clone(id.name)}
	delete(p.there, id)
	delete(p.missing, id)
	of := &p.missing
	if found {
		of = &p.there
	}
	if *of == nil || len(*of) >= mostPresences {
		*of = map[ID]time.Time{}
	}
	(*of)[id] = now.Add(rememberPresence)
	return found, nil
}

// forget is called when names may have been given or taken.
func (p *presence) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.changes++
	p.there, p.missing = nil, nil
}
