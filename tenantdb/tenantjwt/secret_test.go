package tenantjwt_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/silokit/silo/tenantdb/tenantjwt"
)

func TestSecretsAreForStaticKeysThatHaveOne(t *testing.T) {
	from, key := &issuer{}, newSigner(t, "k")
	from.publish(key)
	published, _ := follow(t, from, tenantjwt.JWKSOptions{})
	static := func(keys ...tenantjwt.Key) tenantjwt.Keys {
		set, err := tenantjwt.StaticKeys(keys[0], keys[1:]...)
		if err != nil {
			t.Fatal(err)
		}
		return set
	}
	public := tenantjwt.Key{ID: "public", Public: &key.key.PublicKey}
	secret := tenantjwt.Key{ID: "secret", Public: bytes.Repeat([]byte("s"), 64)}
	forOne := secret
	forOne.Method = "HS512"
	for _, test := range []struct {
		name    string
		keys    tenantjwt.Keys
		methods []string
		refused string // the method that the error names
	}{
		{"a JWKS", published, []string{"ES256"}, ""},
		{"a JWKS and a secret", published, []string{"ES256", "HS256"}, "HS256"},
		{"a JWKS and another", published, []string{"HS512"}, "HS512"},
		{"a public key", static(public), []string{"HS384", "ES256"}, "HS384"},
		{"a secret", static(secret), []string{"HS256", "HS384", "HS512"}, ""},
		{"a secret for another method", static(forOne), []string{"HS512", "HS256"}, "HS256"},
		{"both, as while an issuer changes", static(secret, public), []string{"HS256", "ES256"}, ""},
	} {
		o := options(test.keys)
		o.Methods = test.methods
		_, err := tenantjwt.New(o)
		switch {
		case test.refused == "" && err != nil:
			t.Errorf("%s: %v", test.name, err)
		case test.refused != "" && (!errors.Is(err, tenantjwt.ErrOptions) || !strings.Contains(err.Error(), "Methods has "+test.refused+",") || !strings.Contains(err.Error(), "StaticKeys")):
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

func TestADocumentOfSecretsAloneIsRefusedAndOthersAreTold(t *testing.T) {
	text := base64.RawURLEncoding.EncodeToString
	secret := fmt.Sprintf(`{"kty":"oct","kid":"s","k":%q}`, text(make([]byte, 64)))
	private := `{"kty":"OKP","crv":"Ed25519","kid":"p","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}`
	public := `{"kty":"OKP","crv":"Ed25519","kid":"e","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`
	const warning = "level=WARN"
	for _, test := range []struct {
		name, keys string
		err        error
		told       int
	}{
		{"public keys", public, nil, 0},
		{"none", "", nil, 0},
		{"a secret", secret, tenantjwt.ErrOptions, 1},
		{"a private key", private, tenantjwt.ErrOptions, 1},
		{"a public key and a secret", public + "," + secret, nil, 1},
		{"a public key and a private one", private + "," + public, nil, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log bytes.Buffer
				from := &issuer{document: []byte(`{"keys":[` + test.keys + `]}`)}
				keys, err := tenantjwt.NewJWKS(t.Context(), address, tenantjwt.JWKSOptions{Client: &http.Client{Transport: from}, Logger: slog.New(slog.NewTextHandler(&log, nil))})
				if !errors.Is(err, test.err) {
					t.Errorf("%v", err)
				}
				if err == nil {
					// It is told of once, not at each reading.
					from.set(func() { from.version++ })
					err = errors.Join(keys.Refresh(t.Context()), keys.Close())
					if err != nil {
						t.Error(err)
					}
				}
				if told := strings.Count(log.String(), warning); told != test.told {
					t.Errorf("told %d times, want %d: %s", told, test.told, log.String())
				}
			})
		})
	}
}

// An answer may be slow to be made, or on its way for long: then it says what was true before.
func TestAWithdrawnKeyCountsNoLongerThanIsSaidHoweverSlowTheIssuerIs(t *testing.T) {
	const due = 750 * time.Millisecond // one and a half times Refresh
	for _, test := range []struct {
		name   string
		change func(*issuer)
		grace  time.Duration
		most   time.Duration
	}{
		{"fast", func(*issuer) {}, 0, due},
		{"slow to answer", func(i *issuer) { i.slow = 2 * time.Second }, 0, due + 2*2*time.Second},
		{"long on its way", func(i *issuer) { i.late = 2 * time.Second }, 0, due + 2*2*time.Second},
		{"slow to answer, with a short grace", func(i *issuer) { i.slow = 2 * time.Second }, 250 * time.Millisecond, time.Second},
		{"long on its way, with a short grace", func(i *issuer) { i.late = 2 * time.Second }, 250 * time.Millisecond, time.Second},
		{"hanging, with a short grace", func(i *issuer) { i.slow = time.Hour }, 250 * time.Millisecond, time.Second},
		{"down, with a short grace", func(i *issuer) { i.down = errors.New("the network is down") }, 250 * time.Millisecond, time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			for offset := range 20 { // in the time between two readings, and within one
				synctest.Test(t, func(t *testing.T) {
					from, old, next := &issuer{}, newSigner(t, "old"), newSigner(t, "next")
					from.publish(old)
					_, resolver := follow(t, from, tenantjwt.JWKSOptions{Grace: test.grace})
					token := old.token(t, "acme")
					from.set(func() { test.change(from) })
					// Tokens come all the time, good and refused: they have the document read.
					for range 50 * offset {
						_, _ = try(t, resolver, token)
						time.Sleep(5 * time.Millisecond)
					}
					from.publish(next)
					var last time.Duration // when it was accepted
					for withdrawn := time.Now(); time.Since(withdrawn) < 10*time.Second; time.Sleep(5 * time.Millisecond) {
						at := time.Since(withdrawn)
						if _, err := try(t, resolver, token); err == nil {
							last = at
						}
					}
					if last > test.most {
						t.Errorf("withdrawn %v after the change, it was accepted after %v, at most %v was said", time.Duration(250*offset)*time.Millisecond, last, test.most)
					}
				})
			}
		})
	}
}
