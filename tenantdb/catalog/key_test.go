package catalog_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/query"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

func TestAKeyLetsItsTenantInAndNothingOfItsSecretIsKept(t *testing.T) {
	k, clock := newKeyKit(t)
	ctx := catalog.WithActor(t.Context(), "ann")
	issued, err := k.c.CreateKey(ctx, catalog.KeyRequest{Tenant: tenanttest.ID(t, "acme"), Label: "billing", ExpiresAt: clock.now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	got, err := k.c.VerifyKey(ctx, issued.Secret.Reveal())
	if err != nil || got.Tenant.String() != "acme" || got.ID != issued.ID || got.Label != "billing" || !got.CreatedAt.Equal(clock.now()) || !got.ExpiresAt.Equal(clock.now().Add(time.Hour)) {
		t.Errorf("VerifyKey: %+v, %v", got, err)
	}
	want := fmt.Sprintf(`ann: create key acme {"expires_at":"2026-03-01T13:00:00Z","key":%q,"label":"billing"}: ok`, issued.ID)
	if entries := k.entries(t, issued.Tenant); entries[len(entries)-1] != want {
		t.Errorf("recorded is %s, want %s", entries[len(entries)-1], want)
	}
	dump := query.Read("Dump", "x.sql", `SELECT group_concat(hex(hash)) || group_concat(id || tenant_id || label || created_at || coalesce(replaced_by, '')) || (SELECT group_concat(detail) FROM silo_audit) FROM silo_api_keys`)
	text, err := query.One(ctx, tenantdb.Bind(k.global), dump, scanText)
	if err != nil || !strings.Contains(text, issued.ID) || strings.Contains(strings.ToLower(text), secretOf(issued.Secret.Reveal())) {
		t.Errorf("what is kept is %s, %v", text, err)
	}
}

func TestASecretIsNotPrintedByAccident(t *testing.T) {
	k, _ := newKeyKit(t)
	issued := k.key(t, "acme", catalog.KeyRequest{})
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%U"} {
		for _, v := range []any{issued, &issued, issued.Secret} {
			if text := fmt.Sprintf(format, v); strings.Contains(text, secretOf(issued.Secret.Reveal())) || !strings.Contains(text, "silo_"+issued.ID+"_…") {
				t.Errorf("%s of %T prints %s", format, v, text)
			}
		}
	}
	for _, v := range []any{issued, issued.Secret} {
		if text, err := json.Marshal(v); err != nil || strings.Contains(string(text), secretOf(issued.Secret.Reveal())) || !strings.Contains(string(text), "silo_"+issued.ID+"_…") {
			t.Errorf("%T in JSON is %s, %v", v, text, err)
		}
	}
	if text := (catalog.Secret{}).String(); text != "" {
		t.Errorf("no secret prints %q", text)
	}
	if id, err := catalog.KeyID(issued.Secret.Reveal()); id != issued.ID || err != nil {
		t.Errorf("KeyID of the key: %q, %v", id, err)
	}
	if id, err := catalog.KeyID(issued.ID); id != issued.ID || err != nil {
		t.Errorf("KeyID of the ID: %q, %v", id, err)
	}
	typo := issued.Secret.Reveal() + "x"
	if id, err := catalog.KeyID(typo); id != "" || !errors.Is(err, catalog.ErrInvalid) || strings.Contains(err.Error(), secretOf(typo[:len(typo)-1])) {
		t.Errorf("KeyID of a typo: %q, %v", id, err)
	}
}

// Whoever shows a key that is not good learns nothing of why, neither from what is said nor
// from how much is done.
func TestWhateverIsWrongWithAKeyTheAnswerAndTheWorkAreTheSame(t *testing.T) {
	k, clock := newKeyKit(t)
	good := k.key(t, "acme", catalog.KeyRequest{})
	other := k.key(t, "globex", catalog.KeyRequest{})
	expired := k.key(t, "acme", catalog.KeyRequest{ExpiresAt: clock.now().Add(time.Minute)})
	revoked := k.key(t, "acme", catalog.KeyRequest{})
	if _, err := k.c.RevokeKey(t.Context(), revoked.ID); err != nil {
		t.Fatal(err)
	}
	clock.move(time.Minute)
	nobody := strings.Repeat("a", 16)
	secret := secretOf(good.Secret.Reveal())
	wrongFirst, wrongLast := "a", "a"
	if secret[0] == 'a' {
		wrongFirst = "b"
	}
	if secret[51] == 'a' {
		wrongLast = "b"
	}
	if forged(good.ID, secret) != good.Secret.Reveal() {
		t.Fatal("the test forges keys wrongly")
	}
	tests := []struct{ name, text string }{
		{"an unknown key", forged(nobody, secret)},
		{"a wrong secret, from its first character", forged(good.ID, wrongFirst+secret[1:])},
		{"a wrong secret, in its last character", forged(good.ID, secret[:51]+wrongLast)},
		{"the secret of another tenant's key", forged(good.ID, secretOf(other.Secret.Reveal()))},
		{"the ID of another tenant's key", forged(other.ID, secret)},
		{"an expired key", expired.Secret.Reveal()},
		{"an expired key with a wrong secret", forged(expired.ID, secret)},
		{"a revoked key", revoked.Secret.Reveal()},
		{"a revoked key with a wrong secret", forged(revoked.ID, secret)},
	}
	said := ""
	for _, temperature := range []string{"for the first time", "again"} {
		for _, tt := range tests {
			if temperature == "for the first time" { // forget what is remembered
				k.key(t, "globex", catalog.KeyRequest{})
			} else if _, err := k.c.VerifyKey(t.Context(), tt.text); !errors.Is(err, catalog.ErrBadKey) {
				t.Errorf("%s: %v", tt.name, err)
			}
			before := k.c.KeyStats()
			key, err := k.c.VerifyKey(t.Context(), tt.text)
			if !errors.Is(err, catalog.ErrBadKey) || key != (catalog.Key{}) {
				t.Errorf("%s, %s: %+v, %v", tt.name, temperature, key, err)
				continue
			}
			if said != "" && said != err.Error() {
				t.Errorf("%s, %s: the error is %q, and %q for others", tt.name, temperature, err, said)
			}
			said = err.Error()
			after := k.c.KeyStats()
			did := catalog.KeyStats{Refused: after.Refused - before.Refused, Lookups: after.Lookups - before.Lookups, Hashes: after.Hashes - before.Hashes}
			want := catalog.KeyStats{Refused: 1, Hashes: 1}
			if temperature == "for the first time" {
				want.Lookups = 1
			}
			if did != want {
				t.Errorf("%s, %s: %+v was done, want %+v", tt.name, temperature, did, want)
			}
		}
	}
	if _, err := k.c.VerifyKey(t.Context(), good.Secret.Reveal()); err != nil {
		t.Errorf("the good key: %v", err)
	}
	before := k.c.KeyStats()
	for _, text := range []string{"", "silo_", good.Secret.Reveal()[1:], good.Secret.Reveal() + "a", strings.ToUpper(good.Secret.Reveal()), strings.Repeat("x", 1<<20), "\x00"} {
		if _, err := k.c.VerifyKey(t.Context(), text); err == nil || err.Error() != said {
			t.Errorf("%.20q: %v", text, err)
		}
	}
	after := k.c.KeyStats()
	if after.Malformed-before.Malformed != 7 || after.Refused-before.Refused != 7 || after.Lookups != before.Lookups || after.Hashes != before.Hashes {
		t.Errorf("of malformed texts the counts went from %+v to %+v", before, after)
	}
}

func TestAKeyExpiresAtItsTimeAndNoMomentLater(t *testing.T) {
	k, clock := newKeyKit(t)
	issued := k.key(t, "acme", catalog.KeyRequest{ExpiresAt: clock.now().Add(time.Hour)})
	clock.move(time.Hour - time.Millisecond)
	if _, err := k.c.VerifyKey(t.Context(), issued.Secret.Reveal()); err != nil {
		t.Errorf("a millisecond before: %v", err)
	}
	clock.move(time.Millisecond)
	if _, err := k.c.VerifyKey(t.Context(), issued.Secret.Reveal()); !errors.Is(err, catalog.ErrBadKey) {
		t.Errorf("at its time: %v", err)
	}
	for _, at := range []time.Time{clock.now(), clock.now().Add(-time.Second)} {
		if _, err := k.c.CreateKey(t.Context(), catalog.KeyRequest{Tenant: issued.Tenant, ExpiresAt: at}); !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("a key that expires at %v, which it is: %v", at, err)
		}
	}
}

func TestKeysAreThoseOfTenantsInTheCatalogAndGoWithThem(t *testing.T) {
	k, _ := newKeyKit(t)
	_, err := k.c.CreateKey(t.Context(), catalog.KeyRequest{Tenant: tenanttest.ID(t, "nobody")})
	if !errors.Is(err, catalog.ErrNotRegistered) {
		t.Errorf("of a tenant that is not known: %v", err)
	}
	if _, err := k.c.CreateKey(t.Context(), catalog.KeyRequest{}); !errors.Is(err, catalog.ErrNotRegistered) {
		t.Errorf("of no tenant: %v", err)
	}
	issued := k.key(t, "acme", catalog.KeyRequest{})
	if _, err := k.c.VerifyKey(t.Context(), issued.Secret.Reveal()); err != nil {
		t.Fatal(err)
	}
	acme, err := k.c.Get(t.Context(), issued.Tenant)
	if err != nil {
		t.Fatal(err)
	}
	if err := k.c.Forget(t.Context(), acme.ID, acme.Generation); err != nil {
		t.Fatal(err)
	}
	if _, err := k.c.Register(t.Context(), catalog.Registration{ID: acme.ID}); err != nil {
		t.Fatal(err)
	}
	if _, err := k.c.VerifyKey(t.Context(), issued.Secret.Reveal()); !errors.Is(err, catalog.ErrBadKey) {
		t.Errorf("the old tenant's key, at a new tenant of the ID: %v", err)
	}
	for _, f := range []func() error{
		func() error { _, err := k.c.Key(t.Context(), issued.ID); return err },
		func() error { _, err := k.c.RevokeKey(t.Context(), issued.ID); return err },
		func() error { _, err := k.c.RotateKey(t.Context(), issued.ID, catalog.Rotation{}); return err },
	} {
		if err := f(); !errors.Is(err, catalog.ErrUnknownKey) {
			t.Errorf("of a key that is not there: %v", err)
		}
	}
}

func TestKeysAreListedByTenantAndID(t *testing.T) {
	k, _ := newKeyKit(t)
	const each = 300 // more than a page
	err := k.c.Write(t.Context(), func(ctx context.Context, tx *catalog.Tx) error {
		for i := range 2 * each {
			if _, err := tx.CreateKey(ctx, catalog.KeyRequest{Tenant: tenanttest.ID(t, []string{"acme", "globex"}[i%2])}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	all := k.keysOf(t, tenantdb.ID{})
	for i := 1; i < len(all); i++ {
		if a, b := all[i-1], all[i]; a.Tenant.String()+a.ID >= b.Tenant.String()+b.ID {
			t.Fatalf("%s of %s comes before %s of %s", a.ID, a.Tenant, b.ID, b.Tenant)
		}
	}
	globex := k.keysOf(t, tenanttest.ID(t, "globex"))
	if len(all) != 2*each || len(globex) != each || globex[0] != all[each] || globex[each-1] != all[2*each-1] {
		t.Errorf("%d keys, %d of globex", len(all), len(globex))
	}
	for range k.c.Keys(t.Context(), tenantdb.ID{}) {
		break
	}
}

func TestKeysOfAZeroCatalogAreErrors(t *testing.T) {
	for _, c := range []*catalog.Catalog{nil, {}} {
		if _, err := c.VerifyKey(t.Context(), "x"); !errors.Is(err, tenantdb.ErrNoHandle) {
			t.Errorf("VerifyKey: %v", err)
		}
		if c.KeyStats() != (catalog.KeyStats{}) {
			t.Error("it has counted")
		}
	}
}
