package lifecycle

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/internal/passage"
)

// Alias is a name that a new tenant gets: see [catalog.Alias].
type Alias struct {
	Kind  string `json:"kind"`
	Value string `json:"value"`
}

// Creation is a new tenant. Only ID is required.
type Creation[S tenantdb.TenantSchema] struct {
	ID          tenantdb.ID
	DisplayName string
	Labels      map[string]string
	Aliases     []Alias
	Metadata    json.RawMessage // JSON of any form. Defaults to {}

	// Key, if not empty, makes the creation idempotent: the first with the key makes the
	// tenant, and all others with it, at once or later, return that tenant, whatever
	// else they say, its ID included. It is kept, as an alias of [KeyKind], until the tenant is
	// purged or erased.
	Key string

	// Seed, if not nil, is called with the new tenant before anybody else reaches it; an
	// error of it undoes the creation. If the process dies, the creation that is run again
	// begins with a new file, so that Seed finds an empty tenant each time.
	Seed func(ctx context.Context, db *tenantdb.TenantDB[S]) error

	// SignUp, if not zero, is what the application writes to the global database in the
	// commit that makes the tenant active. See [Together].
	SignUp SignUp
}

// SignUp is what an application writes together with the catalog; [Together] makes it.
type SignUp struct {
	run func(ctx context.Context, c *catalog.Catalog, activate func(context.Context, *catalog.Tx) (catalog.Tenant, error)) error
}

// Together returns a SignUp that calls f within the one transaction on the global database
// that makes the tenant active: the customer's rows and the tenant are there
// together, or neither is. An error of f undoes the creation. db is of the Dir that the
// Manager is of.
func Together[G tenantdb.GlobalSchema](db *tenantdb.GlobalDB[G], f func(ctx context.Context, tx *tenantdb.Tx[G], created catalog.Tenant) error) SignUp {
	return SignUp{run: func(ctx context.Context, c *catalog.Catalog, activate func(context.Context, *catalog.Tx) (catalog.Tenant, error)) error {
		return catalog.WriteWith(ctx, c, db, func(ctx context.Context, app *tenantdb.Tx[G], tx *catalog.Tx) error {
			created, err := activate(ctx, tx)
			if err != nil {
				return err
			}
			return f(ctx, app, created)
		})
	}}
}

// Create makes a tenant: registers it as being created, makes its file from the schema's
// template, runs Seed, and makes it active. Until then nobody reaches it.
//
// If the ID has a file or is registered the error is [tenantdb.ErrTenantExists], of a
// deleted tenant [catalog.ErrDeleted], of one that was purged and whose backups are kept
// [ErrHasBackups], and of an alias that another tenant has [catalog.ErrAliasTaken]. A creation that fails leaves nothing. If the process
// dies, the tenant is absent, active, or being created; creating it again, with the
// key or without, begins it anew, one of another tenant that is to have one of its aliases undoes it,
// and so does Doctor.
func (m *Manager[S]) Create(ctx context.Context, c Creation[S]) (catalog.Tenant, error) {
	return m.make(ctx, making[S]{Creation: c, event: Event{Operation: OpCreate}, file: m.store.Create})
}

// errTaken is returned when somebody else has made a file of that name since it was found to be
// free: that file is not the creation's to remove.
var errTaken = fmt.Errorf("%w: it was made by other means meanwhile", tenantdb.ErrTenantExists)

// making is a Creation with the way in which the file is made.
type making[S tenantdb.TenantSchema] struct {
	Creation[S]
	event Event
	also  []tenantdb.ID // further tenants whose lock is needed
	from  detail        // what the record says of where the data comes from; "from" is whose it was
	file  func(ctx context.Context, id tenantdb.ID) error
}

// errAgain is returned when the key's tenant has become another while its lock was waited
// for.
var errAgain = errors.New("the key is of another tenant now")

func (m *Manager[S]) make(ctx context.Context, c making[S]) (catalog.Tenant, error) {
	for {
		made, err := m.makeOnce(ctx, c)
		if !errors.Is(err, errAgain) {
			return made, explain(c.event.Operation, c.ID, err)
		}
	}
}

func (m *Manager[S]) makeOnce(ctx context.Context, c making[S]) (made catalog.Tenant, err error) {
	if c.ID.IsZero() {
		return made, tenantdb.ErrBadID
	}
	ctx, releaseKey, err := m.lockKey(ctx, c.Key)
	if err != nil {
		return made, err
	}
	defer releaseKey()
	id, _, err := m.ofKey(ctx, c.Key, c.ID)
	if err != nil {
		return made, err
	}
	ctx, release, err := m.locks.take(ctx, append([]tenantdb.ID{id}, c.also...)...)
	if err != nil {
		return made, err
	}
	defer release()
	now, used, err := m.ofKey(ctx, c.Key, c.ID)
	switch {
	case err != nil:
		return made, err
	case now != id:
		return made, errAgain
	}
	c.ID, c.event.Tenant = id, id
	there, err := m.find(ctx, id)
	switch {
	case err != nil:
		return made, err
	case there == nil || there.State == catalog.Creating:
	case used:
		if there.State == catalog.Deleting || there.State == catalog.Deleted {
			return *there, ErrKeyInUse
		}
		return *there, nil
	case there.State == catalog.Deleted:
		return made, catalog.ErrDeleted
	default:
		return made, tenantdb.ErrTenantExists
	}
	err = m.perform(ctx, c.event, func(ctx context.Context) error {
		made, err = m.makeNew(ctx, c, there)
		return err
	})
	if err != nil {
		return catalog.Tenant{}, err
	}
	return made, nil
}

// makeNew makes the tenant that is not there, or was left half made. Its lock is held.
func (m *Manager[S]) makeNew(ctx context.Context, c making[S], left *catalog.Tenant) (made catalog.Tenant, err error) {
	m.sweepWork(c.ID)
	if left == nil {
		if exists, err := m.store.Exists(ctx, c.ID); exists || err != nil {
			return made, errors.Join(err, tenantdb.ErrTenantExists)
		}
		if err := m.withoutBackups(ctx, c.ID); err != nil {
			return made, err
		}
	}
	m.step("register")
	creating, err := m.register(ctx, c, left)
	if err != nil {
		return made, err
	}
	returned := false
	defer func() {
		if !returned { // Seed or SignUp has panicked, or ended the goroutine
			m.unmakeLeft(ctx, c.ID)
		}
	}()
	made, err = m.makeFile(ctx, c, creating, left)
	returned = true
	if err == nil || errors.Is(err, tenantdb.ErrOutcomeUnknown) {
		return made, err
	}
	undoing, cancel := afterwards(ctx)
	defer cancel()
	if errors.Is(err, errTaken) {
		return made, errors.Join(err, m.forget(undoing, creating))
	}
	return made, errors.Join(err, m.unmake(undoing, creating))
}

// register makes the tenant known as being created, in the place of one that was left so. Others that were
// left so and have its aliases make way.
func (m *Manager[S]) register(ctx context.Context, c making[S], left *catalog.Tenant) (catalog.Tenant, error) {
	for {
		creating, err := m.registerOnce(ctx, c, left)
		var taken *catalog.AliasTakenError
		if !errors.As(err, &taken) || !m.makeWay(ctx, taken.Alias) {
			return creating, err
		}
	}
}

func (m *Manager[S]) registerOnce(ctx context.Context, c making[S], left *catalog.Tenant) (creating catalog.Tenant, err error) {
	err = m.catalog.Write(ctx, func(ctx context.Context, tx *catalog.Tx) error {
		if left != nil {
			if err := tx.Forget(ctx, left.ID, left.Generation); err != nil {
				return err
			}
		}
		creating, err = tx.Register(ctx, catalog.Registration{
			ID: c.ID, DisplayName: c.DisplayName, Labels: c.Labels, Metadata: c.Metadata, State: catalog.Creating,
		})
		if err != nil {
			return err
		}
		if c.Key != "" {
			if err := tx.AddAlias(ctx, c.ID, KeyKind, c.Key); err != nil {
				if errors.Is(err, catalog.ErrAliasTaken) {
					return errAgain
				}
				return err
			}
		}
		for _, a := range c.Aliases {
			if err := tx.AddAlias(ctx, c.ID, a.Kind, a.Value); err != nil {
				return err
			}
		}
		return tx.Record(ctx, entry(c.event.Operation, c.ID, ResultBegun, c.from))
	})
	return creating, err
}

// makeFile makes the file and makes the tenant active.
func (m *Manager[S]) makeFile(ctx context.Context, c making[S], creating catalog.Tenant, left *catalog.Tenant) (made catalog.Tenant, err error) {
	if left != nil {
		m.step("remove what was left")
		if _, err := m.removeMade(ctx, c.ID); err != nil {
			return made, err
		}
	}
	m.step("make the file")
	switch err := c.file(ctx, c.ID); {
	case errors.Is(err, tenantdb.ErrTenantExists):
		return made, errTaken
	case err != nil:
		return made, err
	}
	if c.Seed != nil {
		m.step("seed")
		if err := m.seed(ctx, c); err != nil {
			return made, err
		}
	}
	found, foundErr := m.made(c.ID)
	m.step("activate")
	activate := func(ctx context.Context, tx *catalog.Tx) (catalog.Tenant, error) {
		if foundErr == nil { // it is for people, and keeps no tenant from being made
			if err = tx.NoteSeen(ctx, c.ID, found); err != nil {
				return made, err
			}
		}
		made, err = tx.SetState(ctx, c.ID, creating.Generation, catalog.Change{State: catalog.Active})
		if err == nil {
			err = tx.Record(ctx, entry(c.event.Operation, c.ID, ResultOK, c.from))
		}
		if of, known := c.from["from"].(string); known && err == nil && of != c.ID.String() {
			// For whoever asks where the data of that tenant went: its Erase.
			var was tenantdb.ID
			if was, err = tenantdb.ParseID(of); err == nil {
				err = tx.Record(ctx, entry(c.event.Operation, was, ResultOK, detail{"to": c.ID.String()}))
			}
		}
		return made, err
	}
	if c.SignUp.run != nil {
		return made, c.SignUp.run(ctx, m.catalog, activate)
	}
	err = m.catalog.Write(ctx, func(ctx context.Context, tx *catalog.Tx) error {
		_, err := activate(ctx, tx)
		return err
	})
	return made, err
}

func (m *Manager[S]) seed(ctx context.Context, c making[S]) error {
	ctx, err := tenantdb.WithTenant(passage.With(ctx, c.ID.String()), c.ID)
	if err != nil {
		return err
	}
	db, err := m.store.Resolve(ctx)
	if err != nil {
		return err
	}
	return c.Seed(ctx, db)
}
