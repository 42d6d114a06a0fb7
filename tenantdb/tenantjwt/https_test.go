package tenantjwt_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/silokit/silo/tenantdb/tenantjwt"
)

func TestAReadingThatBeginsWithHTTPSEndsWithIt(t *testing.T) {
	key := newSigner(t, "k")
	from := &issuer{}
	from.publish(key)
	local := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(from.document) }))
	defer local.Close()
	secure := httptest.NewTLSServer(http.RedirectHandler(local.URL, http.StatusFound))
	defer secure.Close()
	if keys, err := tenantjwt.NewJWKS(t.Context(), secure.URL, tenantjwt.JWKSOptions{Client: secure.Client()}); err == nil {
		keys.Close()
		t.Error("keys were read of a service of this machine, to which HTTPS has redirected")
	}
	keys, err := tenantjwt.NewJWKS(t.Context(), local.URL, tenantjwt.JWKSOptions{Client: local.Client()})
	if err != nil {
		t.Fatal(err)
	}
	keys.Close()
}
