package catalog

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog/internal/catalogdb"
)

// Entry is one record of what was done. The database refuses to change or remove any, but for
// what Redact takes out.
type Entry struct {
	ID        int64       // rising; given by the catalog
	At        time.Time   // likewise, in UTC
	Actor     string      // who did it: what the context carries, if it is empty; may stay empty; see MaxActor
	Operation string      // what was done; required
	Tenant    tenantdb.ID // to whom; may be zero
	Result    string      // how it ended. Defaults to ok
	Detail    json.RawMessage
}

// Record records something that was done, or tried, beside what the catalog records by
// itself. ID and At do not count.
func (o *operations) Record(ctx context.Context, e Entry) error {
	err := checkMetadata(&e.Detail)
	if err == nil && e.Operation == "" {
		err = fmt.Errorf("%w: an entry says what was done", ErrInvalid)
	}
	if err == nil {
		err = o.write(ctx, func(ctx context.Context, q *catalogdb.Queries) error { return record(ctx, q, e) })
	}
	return failed("record", e.Tenant, err)
}

func record(ctx context.Context, q *catalogdb.Queries, e Entry) error {
	if e.Actor == "" {
		e.Actor = ActorFrom(ctx)
	}
	if e.Result == "" {
		e.Result = "ok"
	}
	if len(e.Detail) == 0 {
		e.Detail = json.RawMessage("{}")
	}
	return q.InsertEntry(ctx, catalogdb.InsertEntryParams{
		Actor: bounded(e.Actor), Operation: e.Operation, TenantID: e.Tenant.String(), Result: e.Result, Detail: string(e.Detail),
	})
}

// Entries yields what was recorded, newest first: about one tenant, or with the zero ID
// about all. Of memory and errors see [Catalog.List].
func (o *operations) Entries(ctx context.Context, id tenantdb.ID) iter.Seq2[Entry, error] {
	return pages(func(last Entry) (page []Entry, err error) {
		before := cmp.Or(last.ID, math.MaxInt64)
		err = o.read(ctx, func(ctx context.Context, q *catalogdb.Reader) (err error) {
			page, err = entryPage(ctx, q, id, before)
			return err
		})
		return page, failed("list entries", id, err)
	})
}

// entryPage returns the entries before one.
func entryPage(ctx context.Context, q *catalogdb.Reader, id tenantdb.ID, before int64) (page []Entry, err error) {
	var rows []catalogdb.SiloAudit
	if id.IsZero() {
		rows, err = q.ListEntries(ctx, catalogdb.ListEntriesParams{Before: before, MaxRows: pageSize})
	} else {
		rows, err = q.ListEntriesOfTenant(ctx, catalogdb.ListEntriesOfTenantParams{TenantID: id.String(), Before: before, MaxRows: pageSize})
	}
	for i := 0; err == nil && i < len(rows); i++ {
		var e Entry
		e, err = entryOf(&rows[i])
		page = append(page, e)
	}
	return page, err
}

// Redacted is the actor of an entry that was redacted.
const Redacted = "erased"

// Redact takes the actors and details out of the entries about a tenant that is not known
// any more, for these may be about people: [Redacted] is their actor then, and their detail says
// {"erased":true}. What was done, when, to which ID and how it ended stays, and so do entries of the
// operation "erase" that ended ok; what runs did to the tenant goes, and how far
// it was summed up. An alias that the tenant has had,
// and nobody has now, as one that was moved to another tenant and back, is taken out of the entries
// about others too: they have "erased" in its value's place. An alias that another tenant has now is
// that one's. Redact returns how many entries it has changed. For a tenant that is registered the
// error is [ErrRegistered].
func (o *operations) Redact(ctx context.Context, id tenantdb.ID) (n int64, err error) {
	err = checkID(id)
	if err == nil {
		err = o.write(ctx, func(ctx context.Context, q *catalogdb.Queries) error {
			if _, err := get(ctx, q.Reader(), id); !errors.Is(err, ErrNotRegistered) {
				return cmp.Or(err, ErrRegistered)
			}
			others, err := q.RedactAliases(ctx, id.String()) // first: whose they were is told by what goes next
			if err != nil {
				return err
			}
			if n, err = q.RedactEntries(ctx, id.String()); err != nil {
				return err
			}
			n += others
			if err := q.ForgetTenantInRuns(ctx, id.String()); err != nil {
				return err
			}
			return q.DeleteRollupsOfTenant(ctx, id.String())
		})
	}
	return n, failed("redact", id, err)
}

func entryOf(row *catalogdb.SiloAudit) (Entry, error) {
	e := Entry{ID: row.ID, At: row.At, Actor: row.Actor, Operation: row.Operation, Result: row.Result, Detail: json.RawMessage(row.Detail)}
	if row.TenantID == "" {
		return e, nil
	}
	var err error
	e.Tenant, err = tenantdb.ParseID(row.TenantID)
	return e, err
}

// detail makes JSON of names and values, in that order, and leaves out empty texts.
func detail(pairs ...any) json.RawMessage {
	object := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		if text := fmt.Sprint(pairs[i+1]); text != "" {
			object[pairs[i].(string)] = pairs[i+1]
		}
	}
	out, err := json.Marshal(object)
	if err != nil {
		return nil // metadata alone could fail, and was checked
	}
	return out
}
