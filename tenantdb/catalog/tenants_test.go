package catalog_test

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

func TestATenantIsWhatItWasRegisteredAsAndThenWhatItWasMade(t *testing.T) {
	k := newKit(t)
	id := tenanttest.ID(t, "acme")
	ctx := catalog.WithActor(t.Context(), "ann")
	before := time.Now().Add(-time.Second)
	got, err := k.c.Register(ctx, catalog.Registration{
		ID: id, DisplayName: "Acme Inc.", Labels: map[string]string{"plan": "gold", "region": "eu"}, State: catalog.Creating, Metadata: json.RawMessage(`{"seats": 3}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	if got.ID != id || got.DisplayName != "Acme Inc." || got.State != catalog.Creating || got.Generation != 1 || got.Protected || string(got.Metadata) != `{"seats": 3}` ||
		!maps.Equal(got.Labels, map[string]string{"plan": "gold", "region": "eu"}) || got.CreatedAt.Before(before) || got.ChangedAt.Before(before) || got.Seen != (catalog.Seen{}) {
		t.Errorf("registered as %+v", got)
	}
	active, err := k.c.SetState(ctx, id, got.Generation, catalog.Change{State: catalog.Active})
	if err != nil || active.State != catalog.Active || active.Generation != 2 {
		t.Fatalf("made active: %+v, %v", active, err)
	}
	for what, err := range map[string]error{
		"display name": k.c.SetDisplayName(ctx, id, "Acme"),
		"labels":       k.c.SetLabels(ctx, id, map[string]string{"plan": "silver"}),
		"metadata":     k.c.SetMetadata(ctx, id, nil),
		"protect":      k.c.Protect(ctx, id),
		"seen":         k.c.NoteSeen(ctx, id, catalog.Seen{SchemaVersion: 8, SizeBytes: 4096}),
	} {
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	got, err = k.c.Get(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	if got.DisplayName != "Acme" || !maps.Equal(got.Labels, map[string]string{"plan": "silver"}) || string(got.Metadata) != "{}" || !got.Protected ||
		got.Generation != 2 || got.Seen.SchemaVersion != 8 || got.Seen.SizeBytes != 4096 || got.Seen.At.Before(before) {
		t.Errorf("made %+v", got)
	}
	if err := k.c.Unprotect(ctx, id); err != nil {
		t.Error(err)
	}
	want := []string{
		`ann: protect acme {}: ok`,
		`ann: register acme {"display_name":"Acme Inc.","state":"creating"}: ok`,
		`ann: set display name acme {"display_name":"Acme"}: ok`,
		`ann: set labels acme {"labels":{"plan":"silver"}}: ok`,
		`ann: set metadata acme {"metadata":{}}: ok`,
		`ann: set state acme {"from":"creating","to":"active"}: ok`,
		`ann: unprotect acme {}: ok`,
	}
	if got := slices.Sorted(slices.Values(k.entries(t, id))); !slices.Equal(got, want) { // the order of a map's changes is not one
		t.Errorf("recorded was\n%q, want\n%q", got, want)
	}
}

func TestWhatTheCatalogRefusesChangesNothing(t *testing.T) {
	k := newKit(t)
	_, acme := k.tenant(t, "acme")
	ghost := tenanttest.ID(t, "ghost")
	ctx := t.Context()
	if err := k.c.Protect(ctx, acme.ID); err != nil {
		t.Fatal(err)
	}
	want, err := k.c.Get(ctx, acme.ID)
	if err != nil {
		t.Fatal(err)
	}
	recorded := k.entries(t, tenantdb.ID{})
	register := func(r catalog.Registration) error {
		_, err := k.c.Register(ctx, r)
		return err
	}
	set := func(id tenantdb.ID, generation int64, c catalog.Change) error {
		_, err := k.c.SetState(ctx, id, generation, c)
		return err
	}
	tests := []struct {
		name string
		err  error
		want error
	}{
		{"a zero catalog", new(catalog.Catalog).Protect(ctx, acme.ID), tenantdb.ErrNoHandle},
		{"a zero catalog's transaction", new(catalog.Catalog).Write(ctx, func(context.Context, *catalog.Tx) error { return nil }), tenantdb.ErrNoHandle},
		{"no catalog's transaction", (*catalog.Catalog)(nil).Write(ctx, func(context.Context, *catalog.Tx) error { return nil }), tenantdb.ErrNoHandle},
		{"a zero transaction", new(catalog.Tx).RemoveAlias(ctx, "domain", "x"), tenantdb.ErrNoHandle},
		{"registered twice", register(catalog.Registration{ID: acme.ID, DisplayName: "other"}), catalog.ErrRegistered},
		{"the zero ID", register(catalog.Registration{}), tenantdb.ErrBadID},
		{"a state that is none", register(catalog.Registration{ID: ghost, State: "on"}), catalog.ErrInvalid},
		{"a label without a name", register(catalog.Registration{ID: ghost, Labels: map[string]string{"": "x"}}), catalog.ErrInvalid},
		{"metadata that is no JSON", register(catalog.Registration{ID: ghost, Metadata: json.RawMessage("{")}), catalog.ErrInvalid},
		{"the name of nobody", k.c.SetDisplayName(ctx, ghost, "x"), catalog.ErrNotRegistered},
		{"the metadata of nobody", k.c.SetMetadata(ctx, ghost, nil), catalog.ErrNotRegistered},
		{"the labels of nobody", k.c.SetLabels(ctx, ghost, nil), catalog.ErrNotRegistered},
		{"the state of nobody", set(ghost, 1, catalog.Change{State: catalog.Active}), catalog.ErrNotRegistered},
		{"to protect nobody", k.c.Protect(ctx, ghost), catalog.ErrNotRegistered},
		{"the size of nobody", k.c.NoteSeen(ctx, ghost, catalog.Seen{}), catalog.ErrNotRegistered},
		{"to forget nobody", k.c.Forget(ctx, ghost, 1), catalog.ErrNotRegistered},
		{"no state", set(acme.ID, 1, catalog.Change{}), catalog.ErrInvalid},
		{"an unknown suspension", set(acme.ID, 1, catalog.Change{State: catalog.Suspended, Suspension: "half"}), catalog.ErrInvalid},
		{"a suspension of an active tenant", set(acme.ID, 1, catalog.Change{State: catalog.Active, Suspension: catalog.ReadOnly}), catalog.ErrInvalid},
		{"another generation", set(acme.ID, 2, catalog.Change{State: catalog.Quarantined}), catalog.ErrConflict},
		{"to delete a protected tenant", set(acme.ID, 1, catalog.Change{State: catalog.Deleting}), catalog.ErrProtected},
		{"to forget a protected tenant", k.c.Forget(ctx, acme.ID, 1), catalog.ErrProtected},
		{"to forget another generation", k.c.Forget(ctx, acme.ID, 7), catalog.ErrConflict},
		{"an entry of nothing", k.c.Record(ctx, catalog.Entry{}), catalog.ErrInvalid},
		{"an alias of nobody", k.c.AddAlias(ctx, ghost, "domain", "ghost.example"), catalog.ErrNotRegistered},
		{"an alias without a value", k.c.AddAlias(ctx, acme.ID, "domain", ""), catalog.ErrInvalid},
		{"an alias that is not there", k.c.RemoveAlias(ctx, "domain", "ghost.example"), catalog.ErrUnknownAlias},
	}
	for _, tt := range tests {
		if !errors.Is(tt.err, tt.want) {
			t.Errorf("%s: the error is %v, want %v", tt.name, tt.err, tt.want)
		}
		var own *tenantdb.Error
		if !errors.As(tt.err, &own) {
			t.Errorf("%s: the error says neither operation nor tenant: %v", tt.name, tt.err)
		}
	}
	got, err := k.c.Get(ctx, acme.ID)
	if err != nil || got.Generation != want.Generation || got.DisplayName != want.DisplayName || got.State != want.State {
		t.Errorf("it has become %+v, %v", got, err)
	}
	if got := k.entries(t, tenantdb.ID{}); !slices.Equal(got, recorded) {
		t.Errorf("recorded was %q", got)
	}
	if _, err := k.c.Get(ctx, ghost); !errors.Is(err, catalog.ErrNotRegistered) {
		t.Errorf("nobody: %v", err)
	}
}

func TestAForgottenTenantLeavesItsRecordAndItsFileOnly(t *testing.T) {
	k := newKit(t)
	ctx, acme := k.tenant(t, "acme")
	if err := errors.Join(k.c.SetLabels(ctx, acme.ID, map[string]string{"a": "b"}), k.c.AddAlias(ctx, acme.ID, "domain", "acme.example")); err != nil {
		t.Fatal(err)
	}
	if err := k.c.Forget(ctx, acme.ID, acme.Generation); err != nil {
		t.Fatal(err)
	}
	if _, err := k.c.LookupAlias(ctx, "domain", "acme.example"); !errors.Is(err, catalog.ErrUnknownAlias) {
		t.Errorf("its alias: %v", err)
	}
	if n := len(k.entries(t, acme.ID)); n != 4 {
		t.Errorf("%d entries are left, want 4", n)
	}
	if _, err := k.store.Resolve(ctx); err != nil {
		t.Errorf("its file: %v", err)
	}
	if again, err := k.c.Register(ctx, catalog.Registration{ID: acme.ID}); err != nil || again.Labels != nil || again.Generation != 1 {
		t.Errorf("registered again: %+v, %v", again, err)
	}
}

func TestAnAliasIsOneTenantsAndMovesInOneStep(t *testing.T) {
	k := newKit(t)
	ctx := t.Context()
	_, acme := k.tenant(t, "acme")
	_, globex := k.tenant(t, "globex")
	for range 2 { // the second time nothing happens
		if err := k.c.AddAlias(ctx, acme.ID, "domain", "Acme.example"); err != nil {
			t.Fatal(err)
		}
	}
	if err := k.c.AddAlias(ctx, acme.ID, "org", "Acme.example"); err != nil {
		t.Fatalf("the value under another kind: %v", err)
	}
	var taken *catalog.AliasTakenError
	if err := k.c.AddAlias(ctx, globex.ID, "domain", "Acme.example"); !errors.As(err, &taken) || taken.Alias.Tenant != acme.ID || !errors.Is(err, catalog.ErrAliasTaken) {
		t.Errorf("taken by acme: %v", err)
	}
	if err := k.c.MoveAlias(ctx, "domain", "Acme.example", globex.ID, acme.ID); !errors.Is(err, catalog.ErrAliasTaken) {
		t.Errorf("moved from who does not have it: %v", err)
	}
	if err := k.c.MoveAlias(ctx, "domain", "Acme.example", acme.ID, globex.ID); err != nil {
		t.Fatal(err)
	}
	if id, err := k.c.LookupAlias(ctx, "domain", "Acme.example"); err != nil || id != globex.ID {
		t.Errorf("it is of %v, %v", id, err)
	}
	_, err := k.c.LookupAlias(ctx, "domain", "acme.example")
	if !errors.Is(err, catalog.ErrUnknownAlias) || !errors.Is(err, tenantdb.ErrUnknownTenant) {
		t.Errorf("in small letters: %v", err)
	}
	left, err := k.c.Aliases(ctx, acme.ID)
	if err != nil || len(left) != 1 || left[0].Kind != "org" || left[0].CreatedAt.IsZero() {
		t.Errorf("acme has %+v, %v", left, err)
	}
	if err := k.c.RemoveAlias(ctx, "org", "Acme.example"); err != nil {
		t.Error(err)
	}
	want := []string{`: register acme {"state":"active"}: ok`, `: add alias acme {"kind":"domain","value":"Acme.example"}: ok`,
		`: add alias acme {"kind":"org","value":"Acme.example"}: ok`, `: remove alias acme {"kind":"org","value":"Acme.example"}: ok`}
	if got := k.entries(t, acme.ID); !slices.Equal(got, want) {
		t.Errorf("recorded of acme: %q", got)
	}
	if got := k.entries(t, globex.ID); got[len(got)-1] != `: move alias globex {"from":"acme","kind":"domain","value":"Acme.example"}: ok` {
		t.Errorf("recorded of globex: %q", got)
	}
}
