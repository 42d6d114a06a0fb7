package tenanthttp_test

import (
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/tenanthttp"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// key makes a key of a tenant.
func (k *kit) key(t testing.TB, name string) catalog.IssuedKey {
	t.Helper()
	issued, err := k.catalog.CreateKey(t.Context(), catalog.KeyRequest{Tenant: tenanttest.ID(t, name)})
	if err != nil {
		t.Fatal(err)
	}
	return issued
}

func (k *kit) revoke(t testing.TB, id string) {
	t.Helper()
	if _, err := k.catalog.RevokeKey(t.Context(), id); err != nil {
		t.Fatal(err)
	}
}

// expired makes a key whose time is over.
func (k *kit) expired(t testing.TB, name string) catalog.IssuedKey {
	t.Helper()
	issued := k.key(t, name)
	if _, err := k.catalog.RotateKey(t.Context(), issued.ID, catalog.Rotation{Overlap: -1}); err != nil {
		t.Fatal(err)
	}
	return issued
}

// forgedKey returns a key of that ID and secret, with the checksum that it must have.
func forgedKey(id, secret string) string {
	body := "silo_" + id + "_" + secret
	sum := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(body))))
	return body + strings.ToLower(sum)
}

// secretOf returns the part of a key that is secret.
func secretOf(key string) string { return key[len("silo_")+16+1 : len(key)-7] }

// keyAttempts show keys: to the service "key" as bearer tokens, to "key header" in a header of
// their own, and to "keyed" beside a host or in the place of a token.
func keyAttempts(t *testing.T, k *kit, a *authority) []attempt {
	acme, globex, revoked, expired := k.key(t, "acme"), k.key(t, "globex"), k.key(t, "acme"), k.expired(t, "acme")
	k.revoke(t, revoked.ID)
	text, secret := acme.Secret.Reveal(), secretOf(acme.Secret.Reveal())
	if forgedKey(acme.ID, secret) != text {
		t.Fatal("the test forges keys wrongly")
	}
	own := func(key string) string { return "X-API-Key: " + key }
	all := []attempt{
		{"a key", "key", get("/", "Host: x", bearer(text)), 200, "acme acme acme /"},
		{"another's key", "key", get("/", "Host: x", bearer(globex.Secret.Reveal())), 200, "globex globex globex /"},
		{"a key of its own header", "key header", get("/", "Host: x", own(text)), 200, "acme acme acme /"},
		{"a header's name in capitals", "key header", get("/", "Host: x", "X-API-KEY: "+text), 200, "acme acme acme /"},
		{"a key on its host", "keyed", get("/", "Host: acme.example.com", bearer(text)), 200, "acme acme acme /"},
		{"a token beside keys", "keyed", get("/", "Host: acme.example.com", bearer(a.good(t, "acme"))), 200, "acme acme acme /"},

		{"no key", "key", get("/", "Host: x"), 400, ""},
		{"a key in the path", "key", get("/"+text, "Host: x"), 400, ""},
		{"a key in the query", "key", get("/?api_key="+text, "Host: x"), 400, ""},
		{"a key in a cookie", "key", get("/", "Host: x", "Cookie: key="+text), 400, ""},
		{"a key as a user", "key", get("/", "Host: x", "Authorization: Basic "+text), 400, ""},
		{"a key without a scheme", "key", get("/", "Host: x", "Authorization: "+text), 400, ""},
		{"a key in another header", "key", get("/", "Host: x", own(text)), 400, ""},
		{"two keys", "key", get("/", "Host: x", bearer(text), bearer(globex.Secret.Reveal())), 400, ""},
		{"the same key twice", "key header", get("/", "Host: x", own(text), own(text)), 400, ""},
		{"two keys in one header", "key", get("/", "Host: x", bearer(text+","+globex.Secret.Reveal())), 401, ""},
		{"a key and a space within", "key", get("/", "Host: x", bearer(text[:30]+" "+text[30:])), 401, ""},
		{"a key in capitals", "key header", get("/", "Host: x", own(strings.ToUpper(text))), 401, ""},
		{"a key with a letter of another alphabet", "key header", get("/", "Host: x", own("s\u0456lo"+text[4:])), 401, ""},
		{"a key that is folded", "key", "GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + text[:30] + "\r\n " + text[30:] + "\r\nConnection: close\r\n\r\n", 401, ""},
		{"a key with a zero byte", "key", get("/", "Host: x", bearer(text[:40]+"\x00"+text[41:])), 400, ""},
		{"an empty key", "key header", get("/", "Host: x", own("")), 400, ""},
		{"the beginning alone", "key", get("/", "Host: x", bearer("silo_")), 401, ""},
		{"an ID alone", "key", get("/", "Host: x", bearer("silo_"+acme.ID)), 401, ""},
		{"a tenant for an ID", "key", get("/", "Host: x", bearer("silo_acme_"+secret)), 401, ""},
		{"a character less", "key", get("/", "Host: x", bearer(text[:len(text)-1])), 401, ""},
		{"a character more", "key", get("/", "Host: x", bearer(text+"a")), 401, ""},
		{"a megabyte", "key", get("/", "Host: x", bearer("silo_"+strings.Repeat("a", 900_000))), 401, ""},
		{"a typo", "key", get("/", "Host: x", bearer(text[:50]+"a"+text[50:80])), 401, ""},
		{"a key of nobody", "key", get("/", "Host: x", bearer(forgedKey(strings.Repeat("a", 16), secret))), 401, ""},
		{"a wrong secret", "key", get("/", "Host: x", bearer(forgedKey(acme.ID, strings.Repeat("a", 52)))), 401, ""},
		{"another's ID", "key", get("/", "Host: x", bearer(forgedKey(globex.ID, secret))), 401, ""},
		{"another's secret", "key", get("/", "Host: x", bearer(forgedKey(acme.ID, secretOf(globex.Secret.Reveal())))), 401, ""},
		{"a revoked key", "key", get("/", "Host: x", bearer(revoked.Secret.Reveal())), 401, ""},
		{"an expired key", "key", get("/", "Host: x", bearer(expired.Secret.Reveal())), 401, ""},
		{"what a key prints as", "key header", get("/", "Host: x", own(acme.Secret.String())), 401, ""},
		{"an ID with SQL", "key", get("/", "Host: x", bearer("silo_' OR '1'='1' --_"+secret)), 401, ""},

		{"a key on another's host", "keyed", get("/", "Host: globex.example.com", bearer(text)), 404, ""},
		{"a key on the host of nobody", "keyed", get("/", "Host: ghost.example.com", bearer(text)), 404, ""},
		{"a revoked key on its own host", "keyed", get("/", "Host: acme.example.com", bearer(revoked.Secret.Reveal())), 401, ""},
		{"a host without a key", "keyed", get("/", "Host: acme.example.com"), 401, ""},
		{"a key and a token", "keyed", get("/", "Host: acme.example.com", bearer(text), bearer(a.good(t, "acme"))), 400, ""},
	}
	for name, status := range map[string]int{"unpaid": 403, "half": 404, "leaving": 404, "gone": 404, "sick": 503} {
		all = append(all, attempt{"a key of a tenant that is " + name, "key", get("/", "Host: x", bearer(k.key(t, name).Secret.Reveal())), status, ""})
	}
	return append(all, attempt{"a key of a tenant that can only be read", "key", get("/", "Host: x", bearer(k.key(t, "readonly").Secret.Reveal())), 200, "readonly readonly readonly /"})
}

// What is wrong with a key shows neither in the answer nor in what is done for it.
func TestKeysThatAreNotGoodAreTheSameAnswerAtTheSameCost(t *testing.T) {
	k := newKit(t)
	host := must[tenanthttp.Resolver](t)(tenanthttp.Subdomain("example.com"))
	s := k.serve(t, tenanthttp.Agree(host, tenanthttp.APIKey(k.catalog)), tenanthttp.Options{Audit: k.catalog})
	good, globex, revoked, expired := k.key(t, "acme"), k.key(t, "globex"), k.key(t, "acme"), k.expired(t, "acme")
	k.revoke(t, revoked.ID)
	secret := secretOf(good.Secret.Reveal())
	type spent struct {
		cost
		keys, hashes int64
	}
	spend := func(host, key string) spent {
		before := k.catalog.KeyStats()
		got := k.costOf(t, s, get("/", "Host: "+host+".example.com", bearer(key)))
		after := k.catalog.KeyStats()
		return spent{got, after.Lookups - before.Lookups, after.Hashes - before.Hashes}
	}
	for _, of := range []struct {
		what     string
		status   int
		looks    int64
		requests map[string][2]string // a host and a key
	}{
		{"keys that are not good", 401, 0, map[string][2]string{
			"unknown":         {"acme", forgedKey(strings.Repeat("a", 16), secret)},
			"a wrong secret":  {"acme", forgedKey(good.ID, strings.Repeat("a", 52))},
			"another's":       {"acme", forgedKey(globex.ID, secret)},
			"revoked":         {"acme", revoked.Secret.Reveal()},
			"expired":         {"acme", expired.Secret.Reveal()},
			"on another host": {"globex", revoked.Secret.Reveal()},
			"on nobody's":     {"ghost", revoked.Secret.Reveal()},
		}},
		{"keys on hosts of others", 404, 1, map[string][2]string{
			"another's":       {"globex", good.Secret.Reveal()},
			"a suspended one": {"unpaid", good.Secret.Reveal()},
			"a deleted one":   {"gone", good.Secret.Reveal()},
			"nobody's":        {"ghost", good.Secret.Reveal()},
		}},
	} {
		for _, request := range of.requests {
			spend(request[0], request[1]) // so that all are remembered
		}
		var first string
		var want spent
		for name, request := range of.requests {
			got := spend(request[0], request[1])
			if first == "" {
				first, want = name, got
			}
			if diff := cmp.Diff(fmt.Sprintf("%+v", want), fmt.Sprintf("%+v", got)); diff != "" {
				t.Errorf("%s: %s and %s differ:\n%s", of.what, first, name, diff)
			}
		}
		if want.status != of.status || want.looks != of.looks || want.keys != 0 || want.hashes != 1 {
			t.Errorf("%s: %+v", of.what, want)
		}
	}
	if s.reached.Load() != 0 {
		t.Error("a request has reached the handler")
	}
}
