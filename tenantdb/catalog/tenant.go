package catalog

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog/internal/catalogdb"
)

// Tenant is what the catalog knows of a tenant.
type Tenant struct {
	ID          tenantdb.ID
	DisplayName string            // for people; may be empty
	Labels      map[string]string // nil if there are none
	State       State
	Suspension  Suspension // of a Suspended tenant; otherwise empty
	Reason      string     // for the state, as given by whoever set it; may be empty
	Operation   Operation  // that has begun and not ended; mostly empty
	Generation  int64      // 1 at first, and one more with every change of state
	Protected   bool       // it cannot be deleted
	Metadata    json.RawMessage
	CreatedAt   time.Time // when it was registered
	ChangedAt   time.Time // its state
	Seen        Seen
}

// Seen is what a tenant's file was found to be when it was last looked at. It is zero if
// nobody has.
type Seen struct {
	At            time.Time
	SchemaVersion int64 // the number of the last migration that has run on it
	SizeBytes     int64
}

// Registration is a new tenant. Only ID is required.
type Registration struct {
	ID          tenantdb.ID
	DisplayName string
	Labels      map[string]string // names are not empty

	// State is the tenant's first. Defaults to Active.
	State State

	// Metadata is JSON of any form. Defaults to {}.
	Metadata json.RawMessage
}

// Register makes a tenant known. It makes no file. One that is known already is
// [ErrRegistered].
func (o *operations) Register(ctx context.Context, r Registration) (Tenant, error) {
	if r.State == "" {
		r.State = Active
	}
	change, err := Change{State: r.State}.checked()
	if err == nil {
		err = errors.Join(checkID(r.ID), checkLabels(r.Labels), checkMetadata(&r.Metadata))
	}
	if err != nil {
		return Tenant{}, failed("register", r.ID, err)
	}
	var registered Tenant
	err = o.write(ctx, func(ctx context.Context, q *catalogdb.Queries) error {
		err := q.InsertTenant(ctx, catalogdb.InsertTenantParams{
			ID: r.ID.String(), DisplayName: r.DisplayName, State: string(change.State), Suspension: string(change.Suspension), Metadata: string(r.Metadata),
		})
		switch {
		case errors.Is(err, tenantdb.ErrUnique):
			return ErrRegistered
		case err != nil:
			return err
		}
		if err := insertLabels(ctx, q, r.ID, r.Labels); err != nil {
			return err
		}
		if err := record(ctx, q, Entry{Operation: "register", Tenant: r.ID, Detail: detail("state", r.State, "display_name", r.DisplayName)}); err != nil {
			return err
		}
		registered, err = get(ctx, q.Reader(), r.ID)
		return err
	})
	return registered, failed("register", r.ID, err)
}

// Get returns a tenant. One that is not known is [ErrNotRegistered].
func (o *operations) Get(ctx context.Context, id tenantdb.ID) (found Tenant, err error) {
	err = o.read(ctx, func(ctx context.Context, q *catalogdb.Reader) error {
		found, err = get(ctx, q, id)
		return err
	})
	return found, failed("get", id, err)
}

func get(ctx context.Context, q *catalogdb.Reader, id tenantdb.ID) (Tenant, error) {
	row, err := q.GetTenant(ctx, id.String())
	if errors.Is(err, sql.ErrNoRows) {
		return Tenant{}, ErrNotRegistered
	}
	if err != nil {
		return Tenant{}, err
	}
	found, err := withLabels(ctx, q, []catalogdb.SiloTenant{row})
	if err != nil {
		return Tenant{}, err
	}
	return found[0], nil
}

// Forget removes a tenant from the catalog, with its labels and aliases and what became of it in runs, and leaves its
// file alone; the audit's entries about it stay. Protected tenants are [ErrProtected], one with
// an [Operation] is [ErrUnderway], and one that has changed its state since the generation
// is a [*ConflictError].
func (o *operations) Forget(ctx context.Context, id tenantdb.ID, generation int64) error {
	err := o.write(ctx, func(ctx context.Context, q *catalogdb.Queries) error {
		tenant, err := get(ctx, q.Reader(), id)
		switch {
		case err != nil:
			return err
		case tenant.Generation != generation:
			return &ConflictError{Expected: generation, Generation: tenant.Generation, State: tenant.State}
		case tenant.Operation != "":
			return underway(tenant)
		case tenant.Protected:
			return ErrProtected
		}
		if _, err := q.DeleteTenant(ctx, id.String()); err != nil {
			return err
		}
		// A run knows tenants by their IDs: who undoes it is not to take down the next one of this.
		if err := q.ForgetTenantInRuns(ctx, id.String()); err != nil {
			return err
		}
		return record(ctx, q, Entry{Operation: "forget", Tenant: id, Detail: detail("state", tenant.State)})
	})
	return failed("forget", id, err)
}

// withLabels makes tenants of rows that are sorted by ID.
func withLabels(ctx context.Context, q *catalogdb.Reader, rows []catalogdb.SiloTenant) ([]Tenant, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	labels, err := q.ListLabels(ctx, catalogdb.ListLabelsParams{First: rows[0].ID, Last: rows[len(rows)-1].ID})
	if err != nil {
		return nil, err
	}
	tenants := make([]Tenant, len(rows))
	for i := range rows {
		if tenants[i], err = tenantOf(&rows[i]); err != nil {
			return nil, err
		}
		for len(labels) > 0 && labels[0].TenantID <= rows[i].ID {
			// Those of tenants that a filter has left out lie in between.
			if labels[0].TenantID == rows[i].ID {
				if tenants[i].Labels == nil {
					tenants[i].Labels = map[string]string{}
				}
				tenants[i].Labels[labels[0].Name] = labels[0].Value
			}
			labels = labels[1:]
		}
	}
	return tenants, nil
}

func tenantOf(row *catalogdb.SiloTenant) (Tenant, error) {
	id, err := tenantdb.ParseID(row.ID)
	if err != nil {
		return Tenant{}, err
	}
	t := Tenant{
		ID: id, DisplayName: row.DisplayName, State: State(row.State), Suspension: Suspension(row.Suspension), Reason: row.Reason,
		Operation: Operation(row.Operation), Generation: row.Generation, Protected: row.Protected, Metadata: json.RawMessage(row.Metadata), CreatedAt: row.CreatedAt, ChangedAt: row.ChangedAt,
	}
	if row.SeenAt != nil && row.SchemaVersion != nil && row.SizeBytes != nil {
		t.Seen = Seen{At: *row.SeenAt, SchemaVersion: *row.SchemaVersion, SizeBytes: *row.SizeBytes}
	}
	return t, nil
}
