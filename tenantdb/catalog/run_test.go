package catalog_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

func TestARunIsRecordedWithItsTenantsBeforeAnythingIsDone(t *testing.T) {
	k := newKit(t)
	acme, globex := tenanttest.ID(t, "acme"), tenanttest.ID(t, "globex")
	if _, err := k.c.Register(t.Context(), catalog.Registration{ID: acme}); err != nil {
		t.Fatal(err)
	}
	ctx := catalog.WithActor(t.Context(), "ada")
	begun, err := k.c.BeginRun(ctx, catalog.Run{Kind: "migrate", Target: 8, Wanted: json.RawMessage(`{"canaries":2}`)}, []tenantdb.ID{acme, globex})
	if err != nil {
		t.Fatal(err)
	}
	run, err := k.c.GetRun(t.Context(), begun.ID)
	if err != nil || run.Actor != "ada" || run.Target != 8 || run.Outcome != catalog.RunRunning || string(run.Wanted) != `{"canaries":2}` || run.Counts[catalog.ResultPlanned] != 2 || !run.EndedAt.IsZero() {
		t.Errorf("%+v, %v", run, err)
	}
	err = errors.Join(
		k.c.BeginRunResult(t.Context(), run.ID, acme, 7),
		k.c.NoteRunResult(t.Context(), catalog.RunResult{Run: run.ID, Tenant: acme, Result: catalog.ResultDone, From: 7, To: 8, Took: 3 * time.Millisecond}, catalog.Seen{SchemaVersion: 8, SizeBytes: 4096}),
		k.c.NoteRunResult(t.Context(), catalog.RunResult{Run: run.ID, Tenant: globex, Result: catalog.ResultFailed, Error: "it is broken", Next: "mend it"}, catalog.Seen{}),
		k.c.EndRun(t.Context(), run.ID, catalog.RunFailed),
	)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for r, err := range k.c.RunResults(t.Context(), run.ID) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprint(r.Tenant, " ", r.Result, " ", r.From, " ", r.To, " ", r.Took, " ", r.Error, " ", r.Next, " ", r.At.IsZero()))
	}
	if want := []string{"acme done 7 8 3ms   false", "globex failed 0 0 0s it is broken mend it false"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if seen, err := k.c.Get(t.Context(), acme); err != nil || seen.Seen.SchemaVersion != 8 {
		t.Errorf("%+v, %v", seen, err)
	}
	last, err := k.c.LastRun(t.Context(), "migrate")
	if err != nil || last.ID != run.ID || last.Outcome != catalog.RunFailed || last.EndedAt.IsZero() {
		t.Errorf("%+v, %v", last, err)
	}
	if err := k.c.ResumeRun(t.Context(), run.ID); err != nil {
		t.Fatal(err)
	}
	if again, err := k.c.GetRun(t.Context(), run.ID); err != nil || again.Outcome != catalog.RunRunning || !again.EndedAt.IsZero() {
		t.Errorf("%+v, %v", again, err)
	}
}

func TestOfRunsOfLongAgoOnlyThatTheyWereIsKept(t *testing.T) {
	k := newKit(t)
	acme := tenanttest.ID(t, "acme")
	for range 25 {
		if _, err := k.c.BeginRun(t.Context(), catalog.Run{Kind: "migrate"}, []tenantdb.ID{acme}); err != nil {
			t.Fatal(err)
		}
	}
	runs, with := 0, 0
	var before int64
	for r, err := range k.c.Runs(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if runs++; before != 0 && r.ID >= before {
			t.Errorf("run %d comes after %d", r.ID, before)
		}
		before = r.ID
		if len(r.Counts) > 0 {
			with++
		}
	}
	if runs != 25 || with != 20 {
		t.Errorf("%d runs, %d with their tenants", runs, with)
	}
}

func TestARunThatThereIsNotIsSaidToBeNone(t *testing.T) {
	k := newKit(t)
	acme := tenanttest.ID(t, "acme")
	run, err := k.c.BeginRun(t.Context(), catalog.Run{Kind: "migrate"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, last := k.c.LastRun(t.Context(), "another")
	_, of := k.c.LastRunResult(t.Context(), acme)
	for what, err := range map[string]error{
		"end":           k.c.EndRun(t.Context(), 99, catalog.RunDone),
		"resume":        k.c.ResumeRun(t.Context(), 99),
		"last":          last,
		"of a tenant":   of,
		"not of it":     k.c.BeginRunResult(t.Context(), run.ID, acme, 1),
		"not of it too": k.c.NoteRunResult(t.Context(), catalog.RunResult{Run: run.ID, Tenant: acme, Result: catalog.ResultDone}, catalog.Seen{}),
	} {
		if !errors.Is(err, catalog.ErrNoRun) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := k.c.BeginRun(t.Context(), catalog.Run{Kind: "migrate", Wanted: json.RawMessage("{")}, nil); !errors.Is(err, catalog.ErrInvalid) {
		t.Error(err)
	}
}

func TestWhatRunsDidToATenantGoesWhenItIsErased(t *testing.T) {
	k := newKit(t)
	acme, globex := tenanttest.ID(t, "acme"), tenanttest.ID(t, "globex")
	run, err := k.c.BeginRun(t.Context(), catalog.Run{Kind: "migrate"}, []tenantdb.ID{acme, globex})
	if err == nil {
		_, err = k.c.Redact(t.Context(), acme)
	}
	if err != nil {
		t.Fatal(err)
	}
	for r, err := range k.c.RunResults(t.Context(), run.ID) {
		if err != nil || r.Tenant != globex {
			t.Errorf("%+v, %v", r, err)
		}
	}
}

func ExampleCatalog_Runs() {
	ctx, _, c, closeAll := exampleCatalog()
	defer closeAll()
	acme, err := tenantdb.ParseID("acme")
	if err != nil {
		fmt.Println(err)
		return
	}
	run, err := c.BeginRun(ctx, catalog.Run{Kind: "migrate", Target: 8}, []tenantdb.ID{acme}) // fleet.Migrate does this
	if err == nil {
		err = c.NoteRunResult(ctx, catalog.RunResult{Run: run.ID, Tenant: acme, Result: catalog.ResultDone, From: 7, To: 8}, catalog.Seen{})
	}
	if err == nil {
		err = c.EndRun(ctx, run.ID, catalog.RunDone)
	}
	if err != nil {
		fmt.Println(err)
		return
	}
	for r, err := range c.Runs(ctx) {
		fmt.Println(r.ID, r.Kind, r.Target, r.Actor, r.Outcome, r.Counts, err)
	}
	// Output: 1 migrate 8 ann@example.com done map[done:1] <nil>
}

// What a file was found to be stays known when a later run could not look at it.
func TestARunThatHasNotSeenATenantsFileForgetsNothingOfIt(t *testing.T) {
	k := newKit(t)
	acme := tenanttest.ID(t, "acme")
	_, err := k.c.Register(t.Context(), catalog.Registration{ID: acme})
	for _, seen := range []catalog.Seen{{SchemaVersion: 8, SizeBytes: 4096}, {}} {
		if err != nil {
			t.Fatal(err)
		}
		var run catalog.Run
		if run, err = k.c.BeginRun(t.Context(), catalog.Run{Kind: "migrate"}, []tenantdb.ID{acme}); err == nil {
			err = k.c.NoteRunResult(t.Context(), catalog.RunResult{Run: run.ID, Tenant: acme, Result: catalog.ResultFailed}, seen)
		}
	}
	if is, getErr := k.c.Get(t.Context(), acme); err != nil || getErr != nil || is.Seen.SchemaVersion != 8 || is.Seen.SizeBytes != 4096 {
		t.Errorf("it was seen as %+v, %v, %v", is.Seen, err, getErr)
	}
}
