package tenantjwt_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/silokit/silo/tenantdb/tenanthttp"
	"github.com/silokit/silo/tenantdb/tenantjwt"
)

func TestOfSeveralKeysOfOneIDTheOneThatHasSignedCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		from := &issuer{}
		one, two, three, foreign := newSigner(t, "k"), newSigner(t, "k"), newSigner(t, "k"), newSigner(t, "k")
		from.publish(one, two, three)
		keys, resolver := follow(t, from, tenantjwt.JWKSOptions{})
		tokens := map[*signer]string{}
		for _, by := range []*signer{one, two, three} {
			tokens[by] = by.token(t, "acme")
			for range 2 { // the second time from memory
				if who, err := try(t, resolver, tokens[by]); err != nil || who.Tenant.String() != "acme" {
					t.Errorf("%v, %v", who, err)
				}
			}
		}
		if _, err := try(t, resolver, foreign.token(t, "acme")); !errors.Is(err, tenanthttp.ErrUnauthenticated) {
			t.Errorf("a token of another key of that ID: %v", err)
		}
		from.publish(one, three)
		if err := keys.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		for by, want := range map[*signer]error{one: nil, two: tenanthttp.ErrUnauthenticated, three: nil} {
			if _, err := try(t, resolver, tokens[by]); !errors.Is(err, want) {
				t.Errorf("after one was withdrawn: %v, want %v", err, want)
			}
		}
	})
}

// An issuer may call all its keys alike, or nothing: which one has signed is tried.
func TestKeysOfOneNameAreRotatedAndNobodyIsRefusedWhoShouldPass(t *testing.T) {
	for name, kid := range map[string]string{"one name": "k", "no name": ""} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				from, old := &issuer{}, newSigner(t, kid)
				token := func(s *signer) string {
					if kid == "" {
						return s.tokenWithoutID(t, "acme")
					}
					return s.token(t, "acme")
				}
				from.publish(old)
				_, resolver := follow(t, from, tenantjwt.JWKSOptions{})
				for range 5 {
					next := newSigner(t, kid)
					before := token(old)
					if _, err := try(t, resolver, before); err != nil {
						t.Fatal(err)
					}
					from.publish(old, next)
					for _, good := range []string{token(next), token(old), before} { // at once
						if _, err := try(t, resolver, good); err != nil {
							t.Errorf("while both are published: %v", err)
						}
					}
					from.publish(next)
					time.Sleep(time.Second)
					if _, err := try(t, resolver, before); !errors.Is(err, tenanthttp.ErrUnauthenticated) {
						t.Errorf("of the one that was withdrawn: %v", err)
					}
					if _, err := try(t, resolver, token(next)); err != nil {
						t.Errorf("of the one that is left: %v", err)
					}
					old = next
				}
			})
		})
	}
}

func TestForgedTokensOfKnownKeysCostTheIssuerNoMoreThanGoodOnes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		from, key, forger := &issuer{}, newSigner(t, "k"), newSigner(t, "k")
		from.publish(key)
		_, resolver := follow(t, from, tenantjwt.JWKSOptions{})
		good := key.token(t, "acme")
		began := time.Now()
		for range 50 {
			if _, err := try(t, resolver, forger.token(t, "acme")); !errors.Is(err, tenanthttp.ErrUnauthenticated) {
				t.Errorf("a forged token: %v", err)
			}
			if _, err := try(t, resolver, good); err != nil {
				t.Error(err)
			}
		}
		if asked, _ := from.counts(); asked > 2*int(time.Since(began)/time.Second)+5 {
			t.Errorf("the document was asked for %d times in %v", asked, time.Since(began))
		}
	})
}
