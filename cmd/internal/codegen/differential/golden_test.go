package differential

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/silokit/silo/cmd/internal/codegen/corpus"
)

// goldenCases is not for ordinary runs, which it would make longer by some minutes.
var goldenCases = flag.Bool("golden", false, "try the generator's golden cases too")

// incomparable says of each query of the golden cases that is not compared, why.
var incomparable = map[string]string{}

func TestTheGoldenCasesDoWhatTheirSQLDoesByHand(t *testing.T) {
	if !*goldenCases {
		t.Skip("make differential runs it, with -golden: it takes some minutes")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	report, err := corpus.Run(t.Context(), corpus.Options{Root: "../testdata", Silo: self, Checkout: "../../../..", Seed: 1, Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	draws, rows := 0, 0
	for _, q := range report.Queries {
		draws, rows = draws+q.Draws, rows+q.Rows
		name := q.Unit + " " + q.Name
		switch {
		case isFault(q):
			t.Errorf("%s: %s: %s", name, q.Class, q.Reason)
		case q.Class == corpus.NotComparable && (incomparable[name] == "" || !strings.Contains(q.Reason, incomparable[name])):
			t.Errorf("%s is not compared, which nobody has explained: %s", name, q.Reason)
		}
		if q.Class != corpus.Accepted {
			t.Logf("%s: %s: %s", name, q.Class, q.Reason)
		}
	}
	t.Logf("%d draws, %d rows, %v", draws, rows, report.Totals.Classes)
}
