package catalog_test

import (
	"encoding/base32"
	"encoding/binary"
	"hash/crc32"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// clock is a clock that stands until it is moved.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// newKeyKit returns a kit with the tenants acme and globex, and the clock that it goes by.
func newKeyKit(t testing.TB) (*kit, *clock) {
	t.Helper()
	k := newKit(t)
	c := &clock{at: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	k.c.SetNow(c.now)
	for _, name := range []string{"acme", "globex"} {
		if _, err := k.c.Register(t.Context(), catalog.Registration{ID: tenanttest.ID(t, name)}); err != nil {
			t.Fatal(err)
		}
	}
	return k, c
}

// key makes a key of a tenant.
func (k *kit) key(t testing.TB, name string, r catalog.KeyRequest) catalog.IssuedKey {
	t.Helper()
	r.Tenant = tenanttest.ID(t, name)
	issued, err := k.c.CreateKey(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return issued
}

// forged returns a key of that ID and secret, with the checksum that it must have.
func forged(id, secret string) string {
	body := "silo_" + id + "_" + secret
	sum := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(body))))
	return body + strings.ToLower(sum)
}

// secretOf returns the part of a key that is secret.
func secretOf(text string) string { return text[len("silo_")+16+1 : len(text)-7] }

// keysOf returns the keys of a tenant, or of all.
func (k *kit) keysOf(t testing.TB, id tenantdb.ID) (keys []catalog.Key) {
	t.Helper()
	for key, err := range k.c.Keys(t.Context(), id) {
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, key)
	}
	return keys
}
