package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/maphash"
	"strings"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog/internal/catalogdb"
)

// Alias is a name that a tenant has elsewhere: a domain, an organisation's ID. A kind and
// a value together are one tenant's; kinds are the application's, and nothing is folded.
type Alias struct {
	Kind, Value string
	Tenant      tenantdb.ID
	CreatedAt   time.Time
}

// aliasKey is what an alias is found by.
type aliasKey struct{ kind, value string }

func hashAlias(seed maphash.Seed, k aliasKey) uint64 {
	return 31*maphash.String(seed, k.kind) + maphash.String(seed, k.value)
}

func ownAlias(k aliasKey) aliasKey { return aliasKey{strings.Clone(k.kind), strings.Clone(k.value)} }

// maxRemembered is the most bytes of an alias that is remembered.
const maxRemembered = 512

// LookupAlias returns the tenant that has the alias; one that nobody has is
// [ErrUnknownAlias]. Whether that tenant can be used, [tenantdb.Store.Resolve] says. It answers from
// memory, also of what nobody has, as long as no state and no alias has changed, in this process
// or another, so that each request of a service can ask. In a transaction of ctx it sees what
// is committed; see [Tx.LookupAlias].
func (c *Catalog) LookupAlias(ctx context.Context, kind, value string) (id tenantdb.ID, err error) {
	switch {
	case c == nil || c.aliases == nil:
		err = tenantdb.ErrNoHandle
	case len(kind)+len(value) > maxRemembered:
		err = c.read(outside{ctx}, func(ctx context.Context, q *catalogdb.Reader) error {
			id, err = readAlias(ctx, q, aliasKey{kind, value})
			return err
		})
	default:
		id, err = c.aliases.get(ctx, aliasKey{kind, value}, readAlias)
	}
	return foundBy(kind, value, id, err)
}

// LookupAlias is [Catalog.LookupAlias] as the transaction sees it, what it has changed too.
func (tx *Tx) LookupAlias(ctx context.Context, kind, value string) (id tenantdb.ID, err error) {
	err = tx.read(ctx, func(ctx context.Context, q *catalogdb.Reader) error {
		id, err = readAlias(ctx, q, aliasKey{kind, value})
		return err
	})
	return foundBy(kind, value, id, err)
}

func foundBy(kind, value string, id tenantdb.ID, err error) (tenantdb.ID, error) {
	if err == nil && id.IsZero() {
		err = unknownAlias(kind, value)
	}
	return id, failed("look up alias", tenantdb.ID{}, err)
}

// readAlias returns the zero ID for an alias that nobody has, which is to be remembered too.
func readAlias(ctx context.Context, q *catalogdb.Reader, key aliasKey) (tenantdb.ID, error) {
	found, err := getAlias(ctx, q, key.kind, key.value)
	if errors.Is(err, ErrUnknownAlias) {
		return tenantdb.ID{}, nil
	}
	return found.Tenant, err
}

func unknownAlias(kind, value string) error {
	return fmt.Errorf("%w: %s %q", ErrUnknownAlias, kind, value)
}

// Aliases returns the aliases of a tenant by kind and value; of one that has none, or is
// not known, none.
func (o *operations) Aliases(ctx context.Context, id tenantdb.ID) (found []Alias, err error) {
	err = o.read(ctx, func(ctx context.Context, q *catalogdb.Reader) error {
		rows, err := q.ListAliases(ctx, id.String())
		if err != nil {
			return err
		}
		found = make([]Alias, len(rows))
		for i, row := range rows {
			if found[i], err = aliasOf(row); err != nil {
				return err
			}
		}
		return nil
	})
	return found, failed("list aliases", id, err)
}

// AddAlias gives a tenant an alias. If it has it already, nothing happens; if another
// tenant has it the error is an [*AliasTakenError].
func (o *operations) AddAlias(ctx context.Context, id tenantdb.ID, kind, value string) error {
	if kind == "" || value == "" {
		return failed("add alias", id, fmt.Errorf("%w: an alias has a kind and a value", ErrInvalid))
	}
	err := o.write(ctx, func(ctx context.Context, q *catalogdb.Queries) error {
		if _, err := get(ctx, q.Reader(), id); err != nil {
			return err
		}
		have, err := getAlias(ctx, q.Reader(), kind, value)
		switch {
		case err == nil && have.Tenant == id:
			return nil
		case err == nil:
			return &AliasTakenError{have}
		case !errors.Is(err, ErrUnknownAlias):
			return err
		}
		if err := q.InsertAlias(ctx, catalogdb.InsertAliasParams{Kind: kind, Value: value, TenantID: id.String()}); err != nil {
			return err
		}
		return record(ctx, q, Entry{Operation: "add alias", Tenant: id, Detail: detail("kind", kind, "value", value)})
	})
	return failed("add alias", id, err)
}

// RemoveAlias takes an alias from whoever has it. One that nobody has is [ErrUnknownAlias].
func (o *operations) RemoveAlias(ctx context.Context, kind, value string) error {
	var had Alias
	err := o.write(ctx, func(ctx context.Context, q *catalogdb.Queries) (err error) {
		if had, err = getAlias(ctx, q.Reader(), kind, value); err != nil {
			return err
		}
		if _, err := q.DeleteAlias(ctx, catalogdb.DeleteAliasParams{Kind: kind, Value: value}); err != nil {
			return err
		}
		return record(ctx, q, Entry{Operation: "remove alias", Tenant: had.Tenant, Detail: detail("kind", kind, "value", value)})
	})
	return failed("remove alias", had.Tenant, err)
}

// MoveAlias gives an alias of one tenant to another, in one transaction: at no time does
// nobody have it. If from does not have it, the error is an [*AliasTakenError] or
// [ErrUnknownAlias].
func (o *operations) MoveAlias(ctx context.Context, kind, value string, from, to tenantdb.ID) error {
	err := o.write(ctx, func(ctx context.Context, q *catalogdb.Queries) error {
		if _, err := get(ctx, q.Reader(), to); err != nil {
			return err
		}
		have, err := getAlias(ctx, q.Reader(), kind, value)
		switch {
		case err != nil:
			return err
		case have.Tenant != from:
			return &AliasTakenError{have}
		}
		if _, err := q.MoveAlias(ctx, catalogdb.MoveAliasParams{Kind: kind, Value: value, OldTenant: from.String(), NewTenant: to.String()}); err != nil {
			return err
		}
		return record(ctx, q, Entry{Operation: "move alias", Tenant: to, Detail: detail("kind", kind, "value", value, "from", from.String())})
	})
	return failed("move alias", to, err)
}

func getAlias(ctx context.Context, q *catalogdb.Reader, kind, value string) (Alias, error) {
	row, err := q.GetAlias(ctx, catalogdb.GetAliasParams{Kind: kind, Value: value})
	if errors.Is(err, sql.ErrNoRows) {
		return Alias{}, unknownAlias(kind, value)
	}
	if err != nil {
		return Alias{}, err
	}
	return aliasOf(row)
}

func aliasOf(row catalogdb.SiloAlias) (Alias, error) {
	id, err := tenantdb.ParseID(row.TenantID)
	return Alias{Kind: row.Kind, Value: row.Value, Tenant: id, CreatedAt: row.CreatedAt}, err
}
