package lifecycle

import (
	"context"
	"errors"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// KeyKind is the kind of the alias that a tenant has for its Creation.Key.
const KeyKind = "silo:key"

// ofKey returns the tenant that the key is of, if one was made with it, or else id.
func (m *Manager[S]) ofKey(ctx context.Context, key string, id tenantdb.ID) (of tenantdb.ID, used bool, err error) {
	if key == "" {
		return id, false, nil
	}
	of, err = m.catalog.Resolve(ctx, KeyKind, key)
	if errors.Is(err, catalog.ErrUnknownAlias) {
		return id, false, nil
	}
	return of, err == nil, err
}

// keyLock returns what creations with one key hold besides the tenant's lock, so that one is
// begun, whatever their IDs are. It has the form of an ID, and is none that somebody chooses.
func keyLock(key string) (tenantdb.ID, error) {
	return tenantdb.ParseID("key-" + sumOf([]byte(key))[:32])
}
