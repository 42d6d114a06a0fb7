package outbox_test

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/silokit/silo/examples/outbox"
	"github.com/silokit/silo/examples/outbox/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// begun is what each tenant has to begin with, in cents.
const begun = 10000

func balance(t *testing.T, of tenanttest.Tenant[tenant.Schema]) int64 {
	t.Helper()
	cents, err := tenant.New(of.DB).Balance(of.Context)
	if err != nil {
		t.Fatal(err)
	}
	return cents
}

func TestATransferTakesEffectOnceHoweverOftenItIsDelivered(t *testing.T) {
	kit := tenanttest.New(t, tenant.Open)
	acme, globex := kit.Two()
	for range 250 { // more than a page
		if err := outbox.Transfer(acme.Context, acme.DB, globex.ID, 10); err != nil {
			t.Fatal(err)
		}
	}
	if got := balance(t, globex); got != begun {
		t.Errorf("before the delivery globex has %d", got)
	}
	for range 3 {
		if err := outbox.Deliver(t.Context(), kit.Store, acme.ID); err != nil {
			t.Fatal(err)
		}
		if from, to := balance(t, acme), balance(t, globex); from != begun-2500 || to != begun+2500 {
			t.Errorf("acme has %d, globex %d", from, to)
		}
		// As after a restore of globex: all is sent again, and nothing comes twice.
		if n, err := tenant.New(acme.DB).SendAgain(acme.Context, globex.ID.String()); err != nil || n != 250 {
			t.Errorf("%d are sent again, %v", n, err)
		}
	}
}

func TestATransferOfMoreThanThereIsLeavesNoWord(t *testing.T) {
	kit := tenanttest.New(t, tenant.Open)
	acme, globex := kit.Two()
	if err := outbox.Transfer(acme.Context, acme.DB, globex.ID, begun+1); !errors.Is(err, tenantdb.ErrCheck) {
		t.Errorf("a transfer of more than there is: %v", err)
	}
	if err := outbox.Deliver(t.Context(), kit.Store, acme.ID); err != nil || balance(t, globex) != begun {
		t.Errorf("globex has %d, %v", balance(t, globex), err)
	}
}

func TestARecipientThatIsNotThereKeepsNobodyElseWaiting(t *testing.T) {
	kit := tenanttest.New(t, tenant.Open)
	acme, globex := kit.Two()
	late := tenanttest.ID(t, "late")
	for _, to := range []tenantdb.ID{late, globex.ID, late} {
		if err := outbox.Transfer(acme.Context, acme.DB, to, 100); err != nil {
			t.Fatal(err)
		}
	}
	if err := outbox.Deliver(t.Context(), kit.Store, acme.ID); !errors.Is(err, tenantdb.ErrUnknownTenant) {
		t.Errorf("nobody is told of the recipient that is not there: %v", err)
	}
	if got := balance(t, globex); got != begun+100 {
		t.Errorf("globex has %d", got)
	}
	there := kit.Tenant("late")
	if err := outbox.Deliver(t.Context(), kit.Store, acme.ID); err != nil || balance(t, there) != begun+200 {
		t.Errorf("once it is there it has %d, %v", balance(t, there), err)
	}
}

// Whatever write of the relay fails, what is left is delivered by the next run, and nothing twice.
func TestNothingIsLostOrDoubledWhicheverWriteFails(t *testing.T) {
	for n := 0; ; n++ {
		kit, faults := tenanttest.NewFailing(t, tenantdb.Options{}, tenant.Open)
		acme, globex := kit.Two()
		for range 3 {
			if err := outbox.Transfer(acme.Context, acme.DB, globex.ID, 100); err != nil {
				t.Fatal(err)
			}
		}
		faults.Inject(tenanttest.Fault{What: tenanttest.DiskFull, After: n})
		first := outbox.Deliver(t.Context(), kit.Store, acme.ID)
		failed := faults.Stop() > 0
		if failed && first == nil {
			t.Errorf("write %d failed, and nobody was told", n)
		}
		if err := outbox.Deliver(t.Context(), kit.Store, acme.ID); err != nil {
			t.Fatal(err)
		}
		if from, to := balance(t, acme), balance(t, globex); from != begun-300 || to != begun+300 {
			t.Fatalf("after write %d failed acme has %d, globex %d", n, from, to)
		}
		if !failed {
			if n < 6 {
				t.Errorf("three messages are delivered by %d writes", n)
			}
			return
		}
	}
}

func TestTheGuideShowsWhatRuns(t *testing.T) {
	guide, err := os.ReadFile(filepath.Join("..", "..", "docs", "isolation.md"))
	if err != nil {
		t.Fatal(err)
	}
	var code strings.Builder
	for _, name := range []string{"transfer.go", "deliver.go", "schema/tenant/00001_outbox.sql", "queries/tenant/transfers.sql"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		code.Write(text)
	}
	blocks := regexp.MustCompile("(?ms)^```(?:go|sql)\n(.*?)^```$").FindAllStringSubmatch(string(guide), -1)
	if len(blocks) < 5 {
		t.Fatalf("the guide has %d blocks of Go and SQL", len(blocks))
	}
	for _, block := range blocks {
		if !strings.Contains(code.String(), block[1]) {
			t.Errorf("docs/isolation.md shows what the example does not have:\n%s", block[1])
		}
	}
}
