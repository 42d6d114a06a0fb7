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
	of, err = m.catalog.LookupAlias(ctx, KeyKind, key)
	if errors.Is(err, catalog.ErrUnknownAlias) {
		return id, false, nil
	}
	return of, err == nil, err
}

// lockKey takes what creations with one key hold besides the tenant's lock, so that one is begun,
// whatever their IDs are. Without a key there is nothing to take. Keys have locks in a folder of their own,
// where no tenant's is, whatever that is called. It is taken before the tenant's.
func (p *place) lockKey(ctx context.Context, key string) (_ context.Context, release func(), err error) {
	if key == "" {
		return ctx, func() {}, nil
	}
	name, err := tenantdb.ParseID(sumOf([]byte(key))[:32])
	if err != nil {
		return ctx, nil, err
	}
	return p.keyLocks.take(ctx, name)
}

// sweepKeys removes the locks of creations that died.
func (p *place) sweepKeys(ctx context.Context) error {
	for _, name := range p.keyLocks.left() {
		_, release, err := p.keyLocks.try(ctx, name)
		if err != nil {
			return err
		}
		if release != nil {
			release()
		}
	}
	return nil
}
