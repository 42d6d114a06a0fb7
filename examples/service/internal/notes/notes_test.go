package notes_test

import (
	"errors"
	"os/exec"
	"regexp"
	"testing"

	"github.com/silokit/silo/tenantdb/tenanttest"

	"github.com/silokit/silo/examples/service/gen/tenant"
	"github.com/silokit/silo/examples/service/internal/notes"
)

func TestNotesOfOneTenantAreNotThoseOfAnother(t *testing.T) {
	acme, globex := tenanttest.New(t, tenant.Open).Two()
	ofAcme, ofGlobex := notes.New(tenant.New(acme.DB)), notes.New(tenant.New(globex.DB))
	for _, body := range []string{"first", "  second\n"} {
		if _, err := ofAcme.Add(acme.Context, body); err != nil {
			t.Fatal(err)
		}
	}
	latest, err := ofAcme.Latest(acme.Context, 10)
	if err != nil || len(latest) != 2 || latest[0].Body != "second" || latest[1].Body != "first" {
		t.Errorf("the notes of acme are %v, %v; want the second and the first", latest, err)
	}
	if latest, err := ofGlobex.Latest(globex.Context, 10); err != nil || len(latest) != 0 {
		t.Errorf("the notes of globex are %v, %v; want none", latest, err)
	}
	if err := ofGlobex.Delete(globex.Context, latest[0].ID); !errors.Is(err, notes.ErrUnknown) {
		t.Errorf("deleting a note of acme in globex: %v, want %v", err, notes.ErrUnknown)
	}
	if err := ofAcme.Delete(acme.Context, latest[0].ID); err != nil {
		t.Error(err)
	}
}

func TestANoteWithoutATextIsRefused(t *testing.T) {
	acme := tenanttest.New(t, tenant.Open).Tenant("acme")
	for _, body := range []string{"", " \n\t"} {
		if _, err := notes.New(tenant.New(acme.DB)).Add(acme.Context, body); !errors.Is(err, notes.ErrEmpty) {
			t.Errorf("%q: %v, want %v", body, err, notes.ErrEmpty)
		}
	}
}

// What would mix up databases does not compile: testdata/crossed gives queries of tenants the
// global database.
func TestQueriesOfTenantsOnTheGlobalDatabaseDoNotCompile(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "build", "./testdata/crossed").CombinedOutput()
	want := regexp.MustCompile(`(?s)crossed\.go:11:.*have reads\(global\.Schema\).*want reads\(tenant\.Schema\)`)
	if err == nil || !want.Match(out) {
		t.Errorf("go build: %v, want an error like %q:\n%s", err, want, out)
	}
}
