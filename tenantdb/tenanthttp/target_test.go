package tenanthttp_test

import (
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/silokit/silo/tenantdb/tenanthttp"
)

// TestANameDoesNotKeepTheTargetThatItWasAPartOf has requests with long targets, whose hosts and
// paths are parts of one string with them: what is remembered of a name must not be all of it.
func TestANameDoesNotKeepTheTargetThatItWasAPartOf(t *testing.T) {
	const requests, size = 100, 900 << 10
	padding := strings.Repeat("x", size)
	for name, test := range map[string]struct {
		resolver tenanthttp.Resolver
		target   func(name string) string
	}{
		"a host":            {subdomain(t), func(name string) string { return "http://" + name + ".example.com/" + padding }},
		"a path":            {must[tenanthttp.Resolver](t)(tenanthttp.PathPrefix("/t/")), func(name string) string { return "/t/" + name + "/" + padding }},
		"a path of a query": {must[tenanthttp.Resolver](t)(tenanthttp.PathPrefix("/t/")), func(name string) string { return "/t/" + name + "?" + padding }},
	} {
		t.Run(name, func(t *testing.T) {
			var kept []tenanthttp.Identity
			keep := tenanthttp.ResolverFunc(func(r *http.Request) (tenanthttp.Identity, error) {
				who, err := test.resolver.ResolveTenant(r)
				if err != nil {
					t.Error(err)
				}
				kept = append(kept, who) // as a context does that outlives its request
				return tenanthttp.Identity{}, tenanthttp.ErrUnnamed
			})
			k := &kit{}
			s := k.serveHandler(t, keep, tenanthttp.Options{}, nothing)
			before := heap()
			for i := range requests {
				s.send(t, get(test.target("n"+strconv.Itoa(i)), "Host: example.com"))
			}
			s.Close() // the goroutines of its connections have ended
			if more := heap() - before; more > requests*size/4 {
				t.Errorf("%d names keep %d MB", len(kept), more>>20)
			}
			runtime.KeepAlive(kept)
		})
	}
}

func heap() int64 {
	var is runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&is)
	return int64(is.HeapAlloc)
}
