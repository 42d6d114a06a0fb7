package tenantjwt_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/silokit/silo/tenantdb/tenanthttp"
	"github.com/silokit/silo/tenantdb/tenantjwt"
)

func TestNoKeyIsAskedForOfATokenThatIsRefusedInAnyCase(t *testing.T) {
	for name, changed := range map[string]jwt.MapClaims{
		"another issuer's":   {"iss": "https://other.example.com"},
		"another service's":  {"aud": "mail"},
		"expired":            {"exp": 1000},
		"of no time":         {"exp": 1e300},
		"of the future":      {"nbf": 4e9},
		"of no tenant":       {"tenant": 7},
		"of no subject":      {"sub": 7},
		"issued in a future": {"iat": 4e9},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				from, key, foreign := &issuer{}, newSigner(t, "k"), newSigner(t, "foreign")
				from.publish(key)
				_, resolver := follow(t, from, tenantjwt.JWKSOptions{})
				claims := jwt.MapClaims{"iss": "https://id.example.com", "aud": "notes", "sub": "ann", "tenant": "acme", "exp": time.Now().Add(time.Hour).Unix()}
				for name, value := range changed {
					claims[name] = value
				}
				token := jwt.NewWithClaims(jwt.SigningMethodES256, claims)
				token.Header["kid"] = foreign.id
				signed, err := token.SignedString(foreign.key)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := try(t, resolver, signed); !errors.Is(err, tenanthttp.ErrUnauthenticated) {
					t.Errorf("the error is %v", err)
				}
				if asked, _ := from.counts(); asked != 1 {
					t.Errorf("the document was asked for %d times, and once before", asked-1)
				}
			})
		})
	}
}

// Tokens of random keys cost the issuer no more than good ones do, and a key that is new counts
// all the same.
func TestTokensOfRandomKeysCostTheIssuerNoMoreThanGoodOnes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		from, key, next := &issuer{}, newSigner(t, "k"), newSigner(t, "next")
		from.publish(key)
		_, resolver := follow(t, from, tenantjwt.JWKSOptions{})
		ctx, stop := context.WithCancel(t.Context())
		var flood sync.WaitGroup
		for i := range 20 {
			flood.Go(func() {
				for n := 0; ctx.Err() == nil; n++ {
					foreign := &signer{fmt.Sprintf("%d-%d", i, n), key.key}
					if _, err := try(t, resolver, foreign.token(t, "acme")); !errors.Is(err, tenanthttp.ErrUnauthenticated) {
						t.Errorf("a token of an unknown key: %v", err)
					}
				}
			})
		}
		time.Sleep(30 * time.Second)
		if asked, _ := from.counts(); asked > 30*2+5 {
			t.Errorf("the document was asked for %d times in 30 s", asked)
		}
		from.publish(key, next)
		if _, err := try(t, resolver, next.token(t, "acme")); err != nil {
			t.Errorf("a token of a key that was just published: %v", err)
		}
		stop()
		flood.Wait()
	})
}
