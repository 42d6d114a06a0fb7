package lifecycle_test

import (
	"fmt"
	"maps"
	"slices"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

var modelIDs = []tenantdb.ID{mustID("acme"), mustID("globex"), mustID("initech")}

// content are a tenant's settings.
type content map[string]string

// life is what the model knows of one tenant.
type life struct {
	state      catalog.State // "" if there is none
	suspension catalog.Suspension
	before     catalog.Change // of a deleted one, what Undelete makes of it
	hasKey     bool           // it was created with its key
	content    content        // not changed once it is here
	backups    []taken        // oldest first
}

type taken struct {
	sequence int64
	content  content
}

func (l *life) String() string {
	return fmt.Sprintf("%s %s (before: %v) %v, key %t, backups %v", l.state, l.suspension, l.before, l.content, l.hasKey, l.backups)
}

// model is what the model knows of the world.
type model struct {
	lives   map[tenantdb.ID]life
	exports []exported // oldest first
	made    int        // exports, those that were erased too
	values  int        // settings are counted up, so that each is told from others
}

type exported struct {
	number  int
	of      tenantdb.ID
	content content
}

func newModel() *model { return &model{lives: map[tenantdb.ID]life{}} }

func (m *model) String() string {
	text := ""
	for _, id := range modelIDs {
		l := m.lives[id]
		text += fmt.Sprintf("%v: %v\n", id, &l)
	}
	return fmt.Sprintf("%sexports %v", text, m.exports)
}

func (m *model) clone() *model {
	out := *m
	out.lives, out.exports = maps.Clone(m.lives), slices.Clone(m.exports)
	return &out
}

// refuses returns why an operation on a tenant is refused, that needs a usable one.
func (l *life) refuses() error {
	switch l.state {
	case "":
		return tenantdb.ErrUnknownTenant
	case catalog.Deleted:
		return catalog.ErrDeleted
	}
	return nil
}

// taken returns why no tenant of that ID can be made.
func (l *life) taken() error {
	switch l.state {
	case "":
		if len(l.backups) > 0 {
			return lifecycle.ErrHasBackups
		}
		return nil
	case catalog.Deleted:
		return catalog.ErrDeleted
	}
	return tenantdb.ErrTenantExists
}

func (l *life) keep(of content) {
	next := int64(1)
	if n := len(l.backups); n > 0 {
		next = l.backups[n-1].sequence + 1
	}
	l.backups = append(slices.Clone(l.backups), taken{next, of})
}

// pick returns one of the backups by a number that was drawn.
func (l *life) pick(n int) (taken, bool) {
	if len(l.backups) == 0 {
		return taken{}, false
	}
	return l.backups[n%len(l.backups)], true
}

// apply makes m what it is after a move, or says why the move is refused; then m is what it
// was.
func (m *model) apply(d move) error {
	id, other := modelIDs[d.ID], modelIDs[d.Other]
	l, o := m.lives[id], m.lives[other]
	m.values++
	refused := l.refuses()
	switch d.Do {
	case "put":
		if refused = l.writeRefused(); refused == nil {
			l.content = maps.Clone(l.content)
			l.content[keyOf(d.Key)] = m.value()
		}
	case "create", "create with key":
		withKey := d.Do == "create with key"
		if withKey && l.hasKey && l.state != "" {
			refused = nil
			if l.state == catalog.Deleted {
				refused = lifecycle.ErrKeyInUse
			}
			break
		}
		if refused = l.taken(); refused == nil {
			l.state, l.hasKey, l.content = catalog.Active, withKey, content{"made": m.value()}
		}
	case "suspend":
		l.set(catalog.Suspended, catalog.Closed)
	case "suspend to read":
		l.set(catalog.Suspended, catalog.ReadOnly)
	case "resume":
		l.set(catalog.Active, "")
	case "quarantine":
		l.set(catalog.Quarantined, "")
	case "delete":
		switch l.state {
		case "":
		case catalog.Deleted:
			refused = nil
		default:
			l.before = catalog.Change{State: l.state, Suspension: l.suspension}
			l.set(catalog.Deleted, "")
		}
	case "undelete":
		if l.state == catalog.Deleted {
			refused = nil
			l.set(l.before.State, l.before.Suspension)
		}
	case "purge":
		switch l.state {
		case "":
			refused = nil
		case catalog.Deleted:
			refused, l = nil, life{backups: l.backups}
		default:
			refused = lifecycle.ErrNotDeleted
		}
	case "erase":
		refused, l = nil, life{}
		m.exports = slices.DeleteFunc(slices.Clone(m.exports), func(e exported) bool { return e.of == id })
	case "backup":
		if refused == nil {
			l.keep(l.content)
		}
	case "prune":
		refused = nil
		if n := len(l.backups) - d.N; d.N > 0 && n > 0 { // a rule that says nothing keeps all
			l.backups = l.backups[n:]
		}
	case "restore":
		refused = m.restore(&l, d.N)
	case "export":
		if refused == nil {
			m.exports = append(slices.Clone(m.exports), exported{m.made, id, l.content})
			m.made++
		}
	case "clone", "restore as", "import":
		refused = m.copy(d, &l, &o)
		m.lives[other] = o
		if refused == nil {
			return nil
		}
	case "doctor", "reopen":
		refused = nil
	}
	if refused == nil {
		m.lives[id] = l
	}
	return refused
}

func keyOf(n int) string { return fmt.Sprint("key ", n) }

// value is what the move at hand writes.
func (m *model) value() string { return fmt.Sprint("value ", m.values) }

func (l *life) set(state catalog.State, suspension catalog.Suspension) {
	l.state, l.suspension = state, suspension
}

func (l *life) writeRefused() error {
	switch l.state {
	case catalog.Suspended:
		return catalog.ErrSuspended
	case catalog.Quarantined:
		return catalog.ErrQuarantined
	}
	return l.refuses()
}

// restore gives a tenant the content of a backup. One that is not there is made.
func (m *model) restore(l *life, n int) error {
	if l.state == catalog.Deleted {
		return catalog.ErrDeleted
	}
	from, ok := l.pick(n)
	switch {
	case !ok:
		return lifecycle.ErrNoBackup
	case l.state == "":
		l.state, l.hasKey = catalog.Active, false
	default:
		l.keep(l.content)
	}
	l.content = from.content
	return nil
}

// copy makes o of what is l's, of a backup of it, or of an export.
func (m *model) copy(d move, l, o *life) error {
	var of content
	var refused error
	switch d.Do {
	case "import":
		of = m.exports[d.N%len(m.exports)].content
	case "clone":
		if d.ID == d.Other {
			return tenantdb.ErrBadID
		}
		of, refused = l.content, l.refuses()
	case "restore as":
		if d.ID == d.Other {
			return tenantdb.ErrBadID
		}
		from, ok := l.pick(d.N)
		if of = from.content; !ok {
			refused = lifecycle.ErrNoBackup
		}
	}
	if taken := o.taken(); taken != nil {
		return taken
	}
	if refused != nil {
		return refused
	}
	o.state, o.suspension, o.hasKey, o.content = catalog.Active, "", false, of
	return nil
}
