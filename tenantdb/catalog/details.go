package catalog

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog/internal/catalogdb"
)

// SetDisplayName changes what a tenant is called for people. One that is not known is
// [ErrNotRegistered], as with all that follow.
func (o *operations) SetDisplayName(ctx context.Context, id tenantdb.ID, name string) error {
	return o.change(ctx, id, "set display name", detail("display_name", name), func(ctx context.Context, q *catalogdb.Queries) (int64, error) {
		return q.SetDisplayName(ctx, catalogdb.SetDisplayNameParams{ID: id.String(), DisplayName: name})
	})
}

// SetMetadata replaces a tenant's metadata, which is JSON of any form; nil is {}.
func (o *operations) SetMetadata(ctx context.Context, id tenantdb.ID, metadata json.RawMessage) error {
	if err := checkMetadata(&metadata); err != nil {
		return failed("set metadata", id, err)
	}
	return o.change(ctx, id, "set metadata", detail("metadata", metadata), func(ctx context.Context, q *catalogdb.Queries) (int64, error) {
		return q.SetMetadata(ctx, catalogdb.SetMetadataParams{ID: id.String(), Metadata: string(metadata)})
	})
}

// SetLabels replaces all labels of a tenant. Their names are not empty.
func (o *operations) SetLabels(ctx context.Context, id tenantdb.ID, labels map[string]string) error {
	if err := checkLabels(labels); err != nil {
		return failed("set labels", id, err)
	}
	return o.change(ctx, id, "set labels", detail("labels", labels), func(ctx context.Context, q *catalogdb.Queries) (int64, error) {
		if _, err := get(ctx, q.Reader(), id); err != nil {
			return 0, err
		}
		if err := q.DeleteLabels(ctx, id.String()); err != nil {
			return 0, err
		}
		return 1, insertLabels(ctx, q, id, labels)
	})
}

// Protect keeps a tenant from being deleted and forgotten until Unprotect.
func (o *operations) Protect(ctx context.Context, id tenantdb.ID) error {
	return o.change(ctx, id, "protect", nil, func(ctx context.Context, q *catalogdb.Queries) (int64, error) {
		return q.SetProtected(ctx, catalogdb.SetProtectedParams{ID: id.String(), Protected: true})
	})
}

// Unprotect ends Protect.
func (o *operations) Unprotect(ctx context.Context, id tenantdb.ID) error {
	return o.change(ctx, id, "unprotect", nil, func(ctx context.Context, q *catalogdb.Queries) (int64, error) {
		return q.SetProtected(ctx, catalogdb.SetProtectedParams{ID: id.String(), Protected: false})
	})
}

// NoteSeen notes what a tenant's file was found to be, now: the time in seen does not
// count. It changes nothing about the tenant, and is not recorded.
func (o *operations) NoteSeen(ctx context.Context, id tenantdb.ID, seen Seen) error {
	err := o.write(ctx, func(ctx context.Context, q *catalogdb.Queries) error {
		n, err := q.SetSeen(ctx, catalogdb.SetSeenParams{ID: id.String(), SchemaVersion: &seen.SchemaVersion, SizeBytes: &seen.SizeBytes})
		return changedOne(n, err)
	})
	return failed("note what was seen", id, err)
}

// change runs f and records it.
func (o *operations) change(ctx context.Context, id tenantdb.ID, operation string, detail json.RawMessage, f func(context.Context, *catalogdb.Queries) (int64, error)) error {
	err := o.write(ctx, func(ctx context.Context, q *catalogdb.Queries) error {
		n, err := f(ctx, q)
		if err := changedOne(n, err); err != nil {
			return err
		}
		return record(ctx, q, Entry{Operation: operation, Tenant: id, Detail: detail})
	})
	return failed(operation, id, err)
}

func changedOne(n int64, err error) error {
	if err == nil && n == 0 {
		err = ErrNotRegistered
	}
	return err
}

func insertLabels(ctx context.Context, q *catalogdb.Queries, id tenantdb.ID, labels map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(labels)) {
		if err := q.InsertLabel(ctx, catalogdb.InsertLabelParams{TenantID: id.String(), Name: name, Value: labels[name]}); err != nil {
			return err
		}
	}
	return nil
}

func checkID(id tenantdb.ID) error {
	if id.IsZero() {
		return fmt.Errorf("%w: it is the zero ID; make it with ParseID", tenantdb.ErrBadID)
	}
	return nil
}

func checkLabels(labels map[string]string) error {
	if _, ok := labels[""]; ok {
		return fmt.Errorf("%w: a label has no name", ErrInvalid)
	}
	return nil
}

// checkMetadata puts in the default.
func checkMetadata(metadata *json.RawMessage) error {
	if len(*metadata) == 0 {
		*metadata = json.RawMessage("{}")
	}
	if !json.Valid(*metadata) {
		return fmt.Errorf("%w: the metadata is no JSON", ErrInvalid)
	}
	return nil
}
