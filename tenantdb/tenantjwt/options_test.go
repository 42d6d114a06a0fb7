package tenantjwt_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"errors"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/silokit/silo/tenantdb/tenanthttp"
	"github.com/silokit/silo/tenantdb/tenantjwt"
)

func TestWhatMakesATokenAcceptableCannotBeLeftOut(t *testing.T) {
	keys, err := tenantjwt.StaticKeys(tenantjwt.Key{Public: &newSigner(t, "").key.PublicKey})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name   string
		change func(*tenantjwt.Options)
	}{
		{"no issuer", func(o *tenantjwt.Options) { o.Issuer = "" }},
		{"no audience", func(o *tenantjwt.Options) { o.Audience = "" }},
		{"no methods", func(o *tenantjwt.Options) { o.Methods = nil }},
		{"the method none", func(o *tenantjwt.Options) { o.Methods = []string{"none"} }},
		{"a method none beside one", func(o *tenantjwt.Options) { o.Methods = []string{"ES256", "none"} }},
		{"a method of nobody", func(o *tenantjwt.Options) { o.Methods = []string{"es256"} }},
		{"a secret's method beside public keys", func(o *tenantjwt.Options) { o.Methods = []string{"ES256", "HS256"} }},
		{"no keys", func(o *tenantjwt.Options) { o.Keys = nil }},
		{"nil keys", func(o *tenantjwt.Options) { o.Keys = (*tenantjwt.JWKS)(nil) }},
		{"zero keys", func(o *tenantjwt.Options) { o.Keys = new(tenantjwt.JWKS) }},
		{"no claim", func(o *tenantjwt.Options) { o.Claim = "" }},
		{"a negative leeway", func(o *tenantjwt.Options) { o.Leeway = -1 }},
		{"a long leeway", func(o *tenantjwt.Options) { o.Leeway = time.Hour }},
		{"a negative length", func(o *tenantjwt.Options) { o.MaxBytes = -1 }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o := options(keys)
			test.change(&o)
			if _, err := tenantjwt.New(o); !errors.Is(err, tenantjwt.ErrOptions) {
				t.Errorf("the error is %v", err)
			}
		})
	}
	if _, err := tenantjwt.New(options(keys)); err != nil {
		t.Error(err)
	}
	zero := new(tenantjwt.JWKS)
	if err := zero.Refresh(t.Context()); !errors.Is(err, tenanthttp.ErrUnavailable) || zero.Close() != nil {
		t.Errorf("a zero JWKS: %v", err)
	}
}

func TestKeysThatAreNoneAreRefused(t *testing.T) {
	good := &newSigner(t, "").key.PublicKey
	tests := []struct {
		name string
		keys []tenantjwt.Key
	}{
		{"nothing", []tenantjwt.Key{{}}},
		{"a nil RSA key", []tenantjwt.Key{{Public: (*rsa.PublicKey)(nil)}}},
		{"a short RSA key", []tenantjwt.Key{{Public: &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), 1023), E: 65537}}}},
		{"an even exponent", []tenantjwt.Key{{Public: &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), 2047), E: 4}}}},
		{"an exponent of 1", []tenantjwt.Key{{Public: &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), 2047), E: 1}}}},
		{"an empty EC key", []tenantjwt.Key{{Public: &ecdsa.PublicKey{}}}},
		{"a point that is on no curve", []tenantjwt.Key{{Public: &ecdsa.PublicKey{Curve: elliptic.P256(), X: big.NewInt(1), Y: big.NewInt(1)}}}}, //nolint:staticcheck // the way in which people make such keys
		{"a short Ed25519 key", []tenantjwt.Key{{Public: ed25519.PublicKey("short")}}},
		{"a short secret", []tenantjwt.Key{{Public: []byte("secret")}}},
		{"a private key", []tenantjwt.Key{{Public: newSigner(t, "").key}}},
		{"a key for a method of another type", []tenantjwt.Key{{Public: good, Method: "RS256"}}},
		{"a key for a method of another curve", []tenantjwt.Key{{Public: good, Method: "ES384"}}},
		{"two without IDs", []tenantjwt.Key{{Public: good}, {Public: good}}},
		{"two, of which one has no ID", []tenantjwt.Key{{ID: "a", Public: good}, {Public: good}}},
		{"two of one ID", []tenantjwt.Key{{ID: "a", Public: good}, {ID: "a", Public: good}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, err := tenantjwt.StaticKeys(test.keys[0], test.keys[1:]...); !errors.Is(err, tenantjwt.ErrOptions) {
				t.Errorf("the error is %v", err)
			}
		})
	}
}

func TestATokenWithoutAKeysIDIsTriedWithAllThatFitIfTheyAreFew(t *testing.T) {
	one := newSigner(t, "one")
	signer := &signer{"", one.key}
	for others, want := range []error{nil, nil, nil, nil, nil, nil, nil, nil, tenanthttp.ErrUnauthenticated} {
		var keys []tenantjwt.Key
		for i := range others {
			other := newSigner(t, "")
			keys = append(keys, tenantjwt.Key{ID: string(rune('a' + i)), Public: &other.key.PublicKey})
		}
		for _, all := range [][]tenantjwt.Key{
			append([]tenantjwt.Key{{ID: "one", Public: &one.key.PublicKey}}, keys...), append(keys, tenantjwt.Key{ID: "one", Public: &one.key.PublicKey}),
		} {
			set, err := tenantjwt.StaticKeys(all[0], all[1:]...)
			if err != nil {
				t.Fatal(err)
			}
			resolver, err := tenantjwt.New(options(set))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := try(t, resolver, signer.tokenWithoutID(t, "acme")); !errors.Is(err, want) {
				t.Errorf("beside %d others: %v, want %v", others, err, want)
			}
		}
	}
}

func TestLeewayIsForTheIssuersClock(t *testing.T) {
	for _, remember := range []int{0, -1} { // what is verified anew has it, too
		synctest.Test(t, func(t *testing.T) {
			key := newSigner(t, "k")
			keys, err := tenantjwt.StaticKeys(tenantjwt.Key{ID: "k", Public: &key.key.PublicKey})
			if err != nil {
				t.Fatal(err)
			}
			o := options(keys)
			o.Leeway, o.Remember = time.Minute, remember
			resolver, err := tenantjwt.New(o)
			if err != nil {
				t.Fatal(err)
			}
			token := key.token(t, "acme") // for an hour
			for _, step := range []struct {
				after time.Duration
				want  error
			}{{0, nil}, {time.Hour, nil}, {59 * time.Second, nil}, {2 * time.Second, tenanthttp.ErrUnauthenticated}} {
				time.Sleep(step.after)
				if _, err := try(t, resolver, token); !errors.Is(err, step.want) {
					t.Errorf("remembering %d, after another %v: %v", remember, step.after, err)
				}
			}
		})
	}
}

func TestWhatIsRememberedOfTokensIsBounded(t *testing.T) {
	key := newSigner(t, "k")
	keys, err := tenantjwt.StaticKeys(tenantjwt.Key{ID: "k", Public: &key.key.PublicKey})
	if err != nil {
		t.Fatal(err)
	}
	for _, most := range []int{-1, 3} {
		o := options(keys)
		o.Remember = most
		resolver, err := tenantjwt.New(o)
		if err != nil {
			t.Fatal(err)
		}
		for range 10 {
			if who, err := try(t, resolver, key.token(t, "acme")); err != nil || who.Tenant.String() != "acme" {
				t.Fatal(who, err)
			}
		}
		if kept := tenantjwt.Remembered(resolver); kept > max(most, 0) {
			t.Errorf("%d tokens are remembered, at most %d may be", kept, most)
		}
	}
}

func TestTheDocumentIsReadPrivatelyOrNotAtAll(t *testing.T) {
	plain := httptest.NewServer(http.RedirectHandler("http://192.0.2.1/jwks.json", http.StatusFound))
	defer plain.Close()
	large := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"keys":[]}` + strings.Repeat(" ", 2<<20))) // as much of it as is read is a document
	}))
	defer large.Close()
	var turns atomic.Int64
	circle := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		turns.Add(1)
		http.Redirect(w, r, "/", http.StatusFound)
	}))
	defer circle.Close()
	missing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write([]byte(`{"keys":[]}`))
	}))
	defer missing.Close()
	for _, test := range []struct{ name, url string }{
		{"plain HTTP", "http://id.example.com/jwks.json"},
		{"a redirect to plain HTTP", plain.URL},
		{"redirects without end", circle.URL},
		{"another scheme", "file:///etc/jwks.json"},
		{"no host", "https:///jwks.json"},
		{"no address", "::"},
		{"a document that is too large", large.URL},
		{"a document that is not there", missing.URL},
	} {
		t.Run(test.name, func(t *testing.T) {
			keys, err := tenantjwt.NewJWKS(t.Context(), test.url, tenantjwt.JWKSOptions{})
			if err == nil {
				keys.Close()
				t.Error("it was read")
			}
		})
	}
	if n := turns.Load(); n != 4 {
		t.Errorf("redirects were followed %d times", n)
	}
	if _, err := tenantjwt.NewJWKS(t.Context(), address, tenantjwt.JWKSOptions{Refresh: -1}); !errors.Is(err, tenantjwt.ErrOptions) {
		t.Errorf("a negative duration: %v", err)
	}
}

// anywhere has the document at each address but /moved, which is where another one is said to be.
type anywhere string

func (to anywhere) RoundTrip(r *http.Request) (*http.Response, error) {
	response := &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Request: r, Body: io.NopCloser(strings.NewReader(`{"keys":[]}`))}
	if r.URL.Path == "/moved" {
		response.StatusCode = http.StatusFound
		response.Header.Set("Location", string(to))
	}
	return response, nil
}

// It could be read at all of these addresses: it is they that are refused.
func TestWhereTheDocumentIsDecidesWhetherItIsRead(t *testing.T) {
	const https = "https://id.example.com/"
	never := func(*http.Request, []*http.Request) error { return errors.New("no redirects") }
	for _, test := range []struct {
		url, to string
		client  func(*http.Request, []*http.Request) error
		want    bool
	}{
		{url: https, want: true},
		{url: "http://127.0.0.1/", want: true},
		{url: "http://[::1]:8080/", want: true},
		{url: "http://localhost/", want: true},
		{url: "http://id.example.com/"},
		{url: "http://127.0.0.1.example.com/"},
		{url: "http://localhost.example.com/"},
		{url: "http://192.0.2.1/"},
		{url: "ftp://id.example.com/"},
		{url: "https:///jwks.json"},
		{url: https + "moved", to: "https://other.example.com/", want: true},
		{url: https + "moved", to: "/here", want: true},
		{url: https + "moved", to: "http://id.example.com/"},
		{url: https + "moved", to: "https://other.example.com/", client: never},
	} {
		keys, err := tenantjwt.NewJWKS(t.Context(), test.url, tenantjwt.JWKSOptions{Client: &http.Client{Transport: anywhere(test.to), CheckRedirect: test.client}})
		if read := err == nil; read != test.want {
			t.Errorf("%s, which is moved to %q: %v", test.url, test.to, err)
		}
		if err := keys.Close(); err != nil {
			t.Error(err)
		}
	}
}
