package catalog

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/query"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

func TestOnlyActorsAndDetailsOfATenantThatIsNotKnownAnyMoreAreRedacted(t *testing.T) {
	c, err := Open(t.Context(), tenanttest.Dir(t, tenantdb.Options{Path: t.TempDir()}))
	if err != nil {
		t.Fatal(err)
	}
	acme, globex := tenanttest.ID(t, "acme"), tenanttest.ID(t, "globex")
	for _, id := range []tenantdb.ID{acme, globex} {
		if _, err := c.Register(WithActor(t.Context(), "ann"), Registration{ID: id, DisplayName: "A name"}); err != nil {
			t.Fatal(err)
		}
	}
	entries := func(id tenantdb.ID) (list []string) {
		for e, err := range c.Entries(t.Context(), id) {
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, fmt.Sprintf("%s %s %s", e.Operation, e.Actor, e.Detail))
		}
		return list
	}
	known := entries(acme)
	if n, err := c.Redact(t.Context(), acme); n != 0 || !errors.Is(err, ErrRegistered) || !slices.Equal(entries(acme), known) {
		t.Errorf("of one that is registered: %d, %v, %q", n, err, entries(acme))
	}
	if _, err := c.Redact(t.Context(), tenantdb.ID{}); !errors.Is(err, tenantdb.ErrBadID) {
		t.Errorf("of none: %v", err)
	}
	forge := func(text string) error {
		return query.Exec(t.Context(), tenantdb.Bind(c.db), query.Write("Forge", "x.sql", text))
	}
	redacted := `UPDATE silo_audit SET actor = 'erased', detail = '{"erased":true}'`
	if err := forge(redacted); err == nil || !slices.Equal(entries(acme), known) {
		t.Errorf("by hand, of one that is registered: %v, %q", err, entries(acme))
	}
	for _, e := range []Entry{{Actor: "bob", Operation: "erase", Tenant: acme, Detail: []byte(`{"files":1}`)}, {Actor: "bob", Operation: "erase", Result: "failed", Tenant: acme}} {
		if err := errors.Join(c.Record(t.Context(), e)); err != nil {
			t.Fatal(err)
		}
	}
	others := entries(globex)
	if err := c.Forget(t.Context(), acme, 1); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"an actor of one's own":  `UPDATE silo_audit SET actor = 'eve', detail = '{"erased":true}'`,
		"a detail of one's own":  `UPDATE silo_audit SET actor = 'erased', detail = '{}'`,
		"another result":         redacted + `, result = 'ok'`,
		"another operation":      redacted + `, operation = 'x'`,
		"another tenant":         redacted + `, tenant_id = 'x'`,
		"another time":           redacted + `, at = '2000-01-01 00:00:00.000'`,
		"another place in order": redacted + `, id = id + 100`,
	} {
		if err := forge(text + " WHERE tenant_id = 'acme' AND result = 'failed'"); err == nil || !strings.Contains(err.Error(), "entries are not rewritten") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n, err := c.Redact(t.Context(), acme); n != 3 || err != nil {
		t.Errorf("got %d, %v", n, err)
	}
	want := []string{`forget erased {"erased":true}`, `erase erased {"erased":true}`, `erase bob {"files":1}`, `register erased {"erased":true}`}
	if got := entries(acme); !slices.Equal(got, want) {
		t.Errorf("left is %q, want %q", got, want)
	}
	if got := entries(globex); !slices.Equal(got, others) {
		t.Errorf("of another tenant: %q, want %q", got, others)
	}
}

func TestOfAnAliasOnlyTheValueIsTakenOutAndOnlyOnceNobodyHasIt(t *testing.T) {
	c, err := Open(t.Context(), tenanttest.Dir(t, tenantdb.Options{Path: t.TempDir()}))
	if err != nil {
		t.Fatal(err)
	}
	acme := tenanttest.ID(t, "acme")
	if _, err := c.Register(t.Context(), Registration{ID: acme}); err != nil {
		t.Fatal(err)
	}
	if err := c.AddAlias(t.Context(), acme, "domain", "acme.example"); err != nil {
		t.Fatal(err)
	}
	const taken = `json_set(json_remove(detail, '$.value'), '$.erased', json('true'))`
	forge := func(set string) error {
		return query.Exec(t.Context(), tenantdb.Bind(c.db), query.Write("Forge", "x.sql", "UPDATE silo_audit SET detail = "+set+" WHERE operation = 'add alias'"))
	}
	if err := forge(taken); err == nil {
		t.Error("the value of an alias that a tenant has was taken out")
	}
	if err := c.RemoveAlias(t.Context(), "domain", "acme.example"); err != nil {
		t.Fatal(err)
	}
	for name, set := range map[string]string{
		"another value": `json_set(detail, '$.value', 'globex.example')`,
		"more":          `json_remove(` + taken + `, '$.kind')`,
		"the actor":     taken + `, actor = 'eve'`,
		"everything":    `'{"erased":true}'`,
	} {
		if err := forge(set); err == nil || !strings.Contains(err.Error(), "entries are not rewritten") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := forge(taken); err != nil {
		t.Error(err)
	}
}
