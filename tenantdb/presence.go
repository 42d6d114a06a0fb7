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
	there   map[ID]looked
	missing map[ID]looked
	looks   int64 // at the disk, for tests
}

// looked is what is remembered of a look.
type looked struct {
	until time.Time
	known bool // whether the gate knew the tenant
}

// look returns whether the tenant has a file, by what is remembered or by find. That a
// known one has none is not taken from memory: it may have been made by another process. Nor is
// that one has a file which the gate has got to know or has forgotten since.
func (p *presence) look(now time.Time, id ID, known bool, find func(ID) (bool, error)) (bool, error) {
	p.mu.RLock()
	there, missing, changes := p.there[id], p.missing[id], p.changes
	p.mu.RUnlock()
	switch {
	case now.Before(there.until) && there.known == known:
		return true, nil
	case now.Before(missing.until) && !known:
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
		*of = map[ID]looked{}
	}
	(*of)[id] = looked{until: now.Add(rememberPresence), known: known}
	return found, nil
}

// forget is called when names may have been given or taken.
func (p *presence) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.changes++
	p.there, p.missing = nil, nil
}
