package tenantjwt_test

import (
	"errors"
	"testing"
	"testing/synctest"

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
