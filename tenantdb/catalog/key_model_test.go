package catalog_test

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// keyModel is what is true of a key, as told by what was done to it.
type keyModel struct {
	catalog.IssuedKey
	tenant   string
	lasts    time.Duration // 0 for ever
	ends     time.Time     // zero for never
	revoked  bool
	replaced bool
}

func (m *keyModel) good(at time.Time) bool {
	return !m.revoked && (m.ends.IsZero() || at.Before(m.ends))
}

// Keys are made, rotated, revoked and shown in any order, by two Dirs on one folder, while a
// clock moves on: each is good as long as the model says.
func TestKeysDoWhatTheirModelDoes(t *testing.T) {
	first, clock := newKeyKit(t)
	second, err := kitOf(t.Context(), openDir(t, tenantdb.Options{Path: first.dir.Path()}))
	if err != nil {
		t.Fatal(err)
	}
	second.c.SetNow(clock.now)
	kits := rapid.SampledFrom([]*kit{first, second})
	hours := rapid.SampledFrom([]time.Duration{0, time.Hour, 3 * time.Hour, 30 * time.Hour})
	rapid.Check(t, func(rt *rapid.T) {
		var keys []*keyModel
		one := func(rt *rapid.T) *keyModel {
			if len(keys) == 0 {
				rt.Skip("there is no key")
			}
			return rapid.SampledFrom(keys).Draw(rt, "key")
		}
		rt.Repeat(map[string]func(*rapid.T){
			"create": func(rt *rapid.T) {
				m := &keyModel{tenant: rapid.SampledFrom([]string{"acme", "globex"}).Draw(rt, "tenant"), lasts: hours.Draw(rt, "lasts")}
				r := catalog.KeyRequest{}
				if m.lasts != 0 {
					m.ends = clock.now().Add(m.lasts)
					r.ExpiresAt = m.ends
				}
				m.IssuedKey = kits.Draw(rt, "by").key(t, m.tenant, r)
				keys = append(keys, m)
			},
			"rotate": func(rt *rapid.T) {
				old, overlap := one(rt), hours.Draw(rt, "overlap")
				fresh, err := kits.Draw(rt, "by").c.RotateKey(t.Context(), old.ID, catalog.Rotation{Overlap: overlap})
				now := clock.now()
				switch {
				case !old.good(now):
					if !errors.Is(err, catalog.ErrKeyEnded) {
						rt.Fatalf("a key that has ended: %v", err)
					}
					return
				case old.replaced:
					if !errors.Is(err, catalog.ErrKeyReplaced) {
						rt.Fatalf("a key that was rotated: %v", err)
					}
					return
				case err != nil:
					rt.Fatal(err)
				}
				if overlap == 0 {
					overlap = 24 * time.Hour
				}
				if until := now.Add(overlap); old.ends.IsZero() || until.Before(old.ends) {
					old.ends = until
				}
				old.replaced = true
				m := &keyModel{IssuedKey: fresh, tenant: old.tenant, lasts: old.lasts}
				if m.lasts != 0 {
					m.ends = now.Add(m.lasts)
				}
				keys = append(keys, m)
			},
			"revoke": func(rt *rapid.T) {
				m := one(rt)
				if _, err := kits.Draw(rt, "by").c.RevokeKey(t.Context(), m.ID); err != nil {
					rt.Fatal(err)
				}
				m.revoked = true
			},
			"time": func(rt *rapid.T) {
				clock.move(rapid.SampledFrom([]time.Duration{time.Millisecond, time.Hour, 10 * time.Hour}).Draw(rt, "passes"))
			},
			"": func(rt *rapid.T) {
				for i, m := range keys {
					for j, k := range []*kit{first, second} {
						got, err := k.c.VerifyKey(t.Context(), m.Secret.Reveal())
						if good := m.good(clock.now()); good && (err != nil || got.Tenant.String() != m.tenant || got.ID != m.ID) || !good && !errors.Is(err, catalog.ErrBadKey) {
							rt.Fatalf("key %d by catalog %d: %+v, %v; want it good: %v", i, j, got, err, good)
						}
						other := keys[(i+1)%len(keys)]
						if mixed := forged(m.ID, secretOf(other.Secret.Reveal())); other != m {
							if got, err := k.c.VerifyKey(t.Context(), mixed); !errors.Is(err, catalog.ErrBadKey) {
								rt.Fatalf("a key of two halves: %+v, %v", got, err)
							}
						}
					}
				}
			},
		})
	})
	for key, err := range first.c.Keys(t.Context(), tenantdb.ID{}) {
		if err != nil {
			t.Fatal(err)
		}
		if key.ReplacedBy != "" && key.ExpiresAt.IsZero() {
			t.Errorf("key %s was rotated and does not end", key.ID)
		}
	}
}
