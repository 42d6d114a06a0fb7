package lifecycle_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

// An alias that has been with several tenants is in the audit of each.
func TestAfterEraseNoAliasOfTheTenantIsInTheAuditOfAnother(t *testing.T) {
	const kind = "domain"
	globex := mustID("globex")
	move := func(from, to tenantdb.ID) func(w world, alias string) error {
		return func(w world, alias string) error { return w.cat.MoveAlias(context.Background(), kind, alias, from, to) }
	}
	add := func(to tenantdb.ID) func(w world, alias string) error {
		return func(w world, alias string) error { return w.cat.AddAlias(context.Background(), to, kind, alias) }
	}
	remove := func(w world, alias string) error { return w.cat.RemoveAlias(context.Background(), kind, alias) }
	for _, tt := range []struct {
		name  string
		steps []func(w world, alias string) error
		stays bool // the alias is another tenant's, and so is what is recorded of it
	}{
		{name: "added", steps: []func(world, string) error{add(acme)}},
		{name: "moved and back", steps: []func(world, string) error{add(acme), move(acme, globex), move(globex, acme)}},
		{name: "come from another", steps: []func(world, string) error{add(globex), move(globex, acme)}},
		{name: "moved and removed there", steps: []func(world, string) error{add(acme), move(acme, globex), remove}},
		{name: "removed, and added and removed elsewhere", steps: []func(world, string) error{add(acme), remove, add(globex), remove}},
		{name: "moved", steps: []func(world, string) error{add(acme), move(acme, globex)}, stays: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			folder, alias := t.TempDir(), secret("alias")
			dir, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: folder})
			if err != nil {
				t.Fatal(err)
			}
			w, err := enter(t.Context(), dir, lifecycle.Options{})
			if err != nil {
				t.Fatal(err)
			}
			w.create(t, "acme", "once")
			w.create(t, "globex", "once")
			other := "globex's own <alias>"
			if err := w.cat.AddAlias(t.Context(), globex, kind, other); err != nil {
				t.Fatal(err)
			}
			for _, step := range tt.steps {
				if err := step(w, alias); err != nil {
					t.Fatal(err)
				}
			}
			before := aliasEntries(t, w, globex)
			if _, err := w.m.Erase(t.Context(), acme); err != nil {
				t.Fatal(err)
			}
			after := aliasEntries(t, w, globex)
			if len(after) != len(before) {
				t.Errorf("globex had %d entries of aliases, it has %d", len(before), len(after))
			}
			for i, e := range after {
				was := before[i]
				switch {
				case was.Value != alias || tt.stays:
					if e != was {
						t.Errorf("an entry was %+v and is %+v", was, e)
					}
				case e != (aliasEntry{Operation: was.Operation, Actor: was.Actor, Kind: was.Kind, From: was.From, Erased: true}):
					t.Errorf("an entry with the alias was %+v and is %+v", was, e)
				}
			}
			has, err := w.cat.LookupAlias(t.Context(), kind, alias)
			if tt.stays != (has == globex) || tt.stays == errors.Is(err, catalog.ErrUnknownAlias) {
				t.Errorf("the alias is of %v, %v", has, err)
			}
			if err := dir.Close(); err != nil {
				t.Fatal(err)
			}
			if found := filesWith(t, folder, " of acme, planted"); len(found) > 0 != tt.stays {
				t.Errorf("it is in %v", found)
			}
		})
	}
}

type aliasEntry struct {
	Operation, Actor  string
	Kind, Value, From string
	Erased            bool
}

// aliasEntries are the records of what was done to a tenant's aliases.
func aliasEntries(t *testing.T, w world, id tenantdb.ID) (list []aliasEntry) {
	t.Helper()
	for e, err := range w.cat.Entries(t.Context(), id) {
		if err != nil {
			t.Fatal(err)
		}
		one := aliasEntry{Operation: e.Operation, Actor: e.Actor}
		if err := json.Unmarshal(e.Detail, &one); err != nil {
			t.Fatal(err)
		}
		if one.Kind != "" {
			list = append(list, one)
		}
	}
	return list
}
