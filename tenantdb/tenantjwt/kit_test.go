package tenantjwt_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"go.uber.org/goleak"

	"github.com/silokit/silo/tenantdb/tenanthttp"
	"github.com/silokit/silo/tenantdb/tenantjwt"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const address = "https://id.example.com/jwks.json"

// issuer publishes a document, and is the transport by which it is read: no network takes part,
// so that a test's clock may be a fake one.
type issuer struct {
	mu       sync.Mutex // guards what follows
	document []byte
	version  int
	down     error
	slow     time.Duration // how long an answer takes to be made
	late     time.Duration // how long it is on its way
	reads    int           // answered with a document
	asked    int
}

func (i *issuer) RoundTrip(r *http.Request) (*http.Response, error) {
	i.mu.Lock()
	slow := i.slow
	i.mu.Unlock()
	select {
	case <-time.After(slow):
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	response, late, err := i.answer(r)
	select {
	case <-time.After(late):
		return response, err
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

func (i *issuer) answer(r *http.Request) (_ *http.Response, late time.Duration, _ error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.asked++
	if i.down != nil {
		return nil, i.late, i.down
	}
	response := &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Request: r, Body: http.NoBody}
	tag := fmt.Sprintf(`"%d"`, i.version)
	if r.Header.Get("If-None-Match") == tag {
		response.StatusCode = http.StatusNotModified
		return response, i.late, nil
	}
	i.reads++
	response.Header.Set("ETag", tag)
	response.Body = io.NopCloser(bytes.NewReader(i.document))
	return response, i.late, nil
}

// publish has the document have these keys.
func (i *issuer) publish(keys ...*signer) {
	var all struct {
		Keys []map[string]string `json:"keys"`
	}
	all.Keys = []map[string]string{}
	for _, k := range keys {
		all.Keys = append(all.Keys, k.jwk())
	}
	document, err := json.Marshal(all)
	if err != nil {
		panic(err) // texts can be encoded
	}
	i.set(func() { i.document, i.version = document, i.version+1 })
}

// counts returns how often the document was asked for, and how often it was sent.
func (i *issuer) counts() (asked, sent int) {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.asked, i.reads
}

func (i *issuer) set(f func()) {
	i.mu.Lock()
	defer i.mu.Unlock()
	f()
}

// signer is a key of the issuer's.
type signer struct {
	id  string
	key *ecdsa.PrivateKey
}

func newSigner(t testing.TB, id string) *signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &signer{id, key}
}

func (s *signer) jwk() map[string]string {
	encoded, err := s.key.PublicKey.Bytes()
	if err != nil {
		panic(err) // it is on its curve
	}
	text := base64.RawURLEncoding.EncodeToString
	return map[string]string{"kty": "EC", "crv": "P-256", "kid": s.id, "use": "sig", "alg": "ES256", "x": text(encoded[1:33]), "y": text(encoded[33:])}
}

// token signs a token for a tenant.
func (s *signer) token(t testing.TB, tenant string) string {
	t.Helper()
	return s.sign(t, tenant, map[string]any{"alg": "ES256", "typ": "JWT", "kid": s.id})
}

// tokenWithoutID is a token that does not say which key it is of.
func (s *signer) tokenWithoutID(t testing.TB, tenant string) string {
	t.Helper()
	return s.sign(t, tenant, map[string]any{"alg": "ES256"})
}

func (s *signer) sign(t testing.TB, tenant string, header map[string]any) string {
	t.Helper()
	token := jwt.NewWithClaims(jwt.SigningMethodES256, jwt.MapClaims{
		"iss": "https://id.example.com", "aud": "notes", "sub": "ann", "tenant": tenant, "exp": time.Now().Add(time.Hour).Unix(),
	})
	token.Header = header
	signed, err := token.SignedString(s.key)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

// options are those of most tests.
func options(keys tenantjwt.Keys) tenantjwt.Options {
	return tenantjwt.Options{Issuer: "https://id.example.com", Audience: "notes", Methods: []string{"ES256"}, Keys: keys, Claim: "tenant"}
}

// follow reads the issuer's document until the test ends.
func follow(t testing.TB, from *issuer, o tenantjwt.JWKSOptions) (*tenantjwt.JWKS, tenanthttp.Resolver) {
	t.Helper()
	o.Client = &http.Client{Transport: from}
	keys, err := tenantjwt.NewJWKS(t.Context(), address, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(keys.Close(), keys.Close()); err != nil {
			t.Error(err)
		}
	})
	resolver, err := tenantjwt.New(options(keys))
	if err != nil {
		t.Fatal(err)
	}
	return keys, resolver
}

// try has the resolver look at a token.
func try(t testing.TB, by tenanthttp.Resolver, token string) (tenanthttp.Identity, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	return by.ResolveTenant(r)
}
