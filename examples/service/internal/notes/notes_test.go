package notes_test

import (
	"context"
	"errors"
	"os/exec"
	"regexp"
	"testing"

	"github.com/silokit/silo/tenantdb/tenanttest"

	"github.com/silokit/silo/examples/service/gen/tenant"
	"github.com/silokit/silo/examples/service/internal/notes"
)

// The code runs as acme and then as globex, and no byte of another file may change.
func TestNotesStayWithTheirTenant(t *testing.T) {
	tenanttest.New(t, tenant.Open).Isolated("acme", "globex", func(ctx context.Context, db *tenant.DB) error {
		repository := notes.New(tenant.New(db))
		first, err1 := repository.Add(ctx, "first of "+db.Tenant().String())
		_, err2 := repository.Add(ctx, "  second\n")
		latest, err3 := repository.Latest(ctx, 10)
		if err := errors.Join(err1, err2, err3); err != nil {
			return err
		}
		if len(latest) != 2 || latest[0].Body != "second" || latest[1] != first {
			t.Errorf("the notes of %s are %v; want the second and the first", db.Tenant(), latest)
		}
		if err := repository.Delete(ctx, first.ID); err != nil {
			return err
		}
		if err := repository.Delete(ctx, first.ID); !errors.Is(err, notes.ErrUnknown) {
			t.Errorf("deleted twice: %v, want %v", err, notes.ErrUnknown)
		}
		return nil
	})
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
