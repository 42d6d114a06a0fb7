package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog/internal/catalogdb"
	"github.com/silokit/silo/tenantdb/catalog/internal/keytext"
)

// Key is what the catalog knows of an API key: all but the key itself. Times that are not
// are zero; they are cut to milliseconds.
type Key struct {
	ID         string      // 16 letters and digits, the part between silo_ and the secret
	Tenant     tenantdb.ID // whom it lets in to
	Label      string      // for people; may be empty
	CreatedAt  time.Time
	ExpiresAt  time.Time // the first moment at which it is not good any more
	RevokedAt  time.Time
	ReplacedBy string    // the ID of the key that it was rotated to; or empty
	UsedAt     time.Time // when it was last used, to about an hour
}

// KeyPrefix begins every API key, and nothing else that is shown as a bearer token: a JWT
// begins with the encoding of {.
const KeyPrefix = keytext.Prefix

// KeyState is what a key is good for.
type KeyState string

// The states of a key.
const (
	KeyActive  KeyState = "active"  // it lets its tenant in
	KeyExpired KeyState = "expired" // it did until its time was over
	KeyRevoked KeyState = "revoked" // it did until somebody ended it
)

// State returns the key's state at a time.
func (k Key) State(at time.Time) KeyState {
	switch {
	case !k.RevokedAt.IsZero():
		return KeyRevoked
	case !k.ExpiresAt.IsZero() && !at.Before(k.ExpiresAt):
		return KeyExpired
	}
	return KeyActive
}

// KeyID returns the ID in a key, and an ID as it is: for people who have found a key and
// want to know whose it is. Whether there is such a key, [Catalog.Key] says. Other texts
// are [ErrInvalid], and are not repeated in the error.
func KeyID(text string) (string, error) {
	if id, ok := keytext.Parse(text); ok {
		return id, nil
	}
	if keytext.IsID(text) {
		return text, nil
	}
	return "", failed("read key ID", tenantdb.ID{}, fmt.Errorf("%w: this is neither a key nor a key's ID, which has %d of a-z and 2-7", ErrInvalid, keytext.IDLength))
}

// Key returns a key by its ID. One that is not known is [ErrUnknownKey].
func (o *operations) Key(ctx context.Context, id string) (found Key, err error) {
	err = o.read(ctx, func(ctx context.Context, q *catalogdb.Reader) error {
		found, err = getKey(ctx, q, id)
		return err
	})
	return found, failed("get key", found.Tenant, err)
}

// Keys yields the keys of a tenant, or with the zero ID of all, in the order of tenants and
// IDs, with those that have expired or were revoked. Of memory and errors see
// [Catalog.List].
func (o *operations) Keys(ctx context.Context, id tenantdb.ID) iter.Seq2[Key, error] {
	return pages(func(last Key) (page []Key, err error) {
		err = o.read(ctx, func(ctx context.Context, q *catalogdb.Reader) (err error) {
			page, err = keyPage(ctx, q, id, last)
			return err
		})
		return page, failed("list keys", id, err)
	})
}

// keyPage returns the keys behind one.
func keyPage(ctx context.Context, q *catalogdb.Reader, id tenantdb.ID, last Key) (page []Key, err error) {
	var rows []catalogdb.SiloApiKey
	if id.IsZero() {
		rows, err = q.ListAPIKeys(ctx, catalogdb.ListAPIKeysParams{AfterTenant: last.Tenant.String(), AfterID: last.ID, MaxRows: pageSize})
	} else {
		rows, err = q.ListAPIKeysOfTenant(ctx, catalogdb.ListAPIKeysOfTenantParams{TenantID: id.String(), AfterID: last.ID, MaxRows: pageSize})
	}
	for i := 0; err == nil && i < len(rows); i++ {
		var k Key
		k, err = keyOf(&rows[i])
		page = append(page, k)
	}
	return page, err
}

func getKey(ctx context.Context, q *catalogdb.Reader, id string) (Key, error) {
	row, err := q.GetAPIKey(ctx, id)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return Key{}, ErrUnknownKey
	case err != nil:
		return Key{}, err
	}
	return keyOf(&row)
}

func keyOf(row *catalogdb.SiloApiKey) (Key, error) {
	tenant, err := tenantdb.ParseID(row.TenantID)
	k := Key{ID: row.ID, Tenant: tenant, Label: row.Label, CreatedAt: row.CreatedAt}
	k.ExpiresAt, k.RevokedAt, k.UsedAt = orZero(row.ExpiresAt), orZero(row.RevokedAt), orZero(row.UsedAt)
	k.ReplacedBy = orZero(row.ReplacedBy)
	return k, err
}

// orZero returns what a column has, or the zero value for NULL.
func orZero[T any](v *T) (value T) {
	if v != nil {
		value = *v
	}
	return value
}
