package differential

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/silokit/silo/cmd/internal/codegen/corpus"
)

// goldenCases is not for ordinary runs, which it would make longer by some minutes.
var goldenCases = flag.Bool("golden", false, "try the generator's golden cases too")

// explained says of each query of the golden cases that is not compared, or fails where
// its SQL by hand does not, why that is right: a part of the reason that is given.
var explained = map[string]string{
	// Calls of Bulk: generated for sqlc's :copyfrom, which is no statement.
	"03_bulk AddEvents": "no counterpart by hand",
	"03_bulk AddTags":   "no counterpart by hand",
	"03_bulk Grow":      "no counterpart by hand",
	// They ask for what their connection did last: outside Write they are refused, as the
	// documentation says. The golden case runs them within Write.
	"28_session_functions RemoveReply":     "for transactions alone",
	"28_session_functions LastNote":        "for transactions alone",
	"28_session_functions Changed":         "for transactions alone",
	"28_session_functions AddReply":        "for transactions alone",
	"28_session_functions LastByView":      "for transactions alone",
	"28_session_functions AddDefaultReply": "for transactions alone",
	"28_session_functions RemoveThread":    "for transactions alone",
	// A date is a time at midnight, and others are refused as arguments. Times are drawn.
	"19_dates AddPerson": "is not midnight in UTC",
	"19_dates AddPeople": "no counterpart by hand",
	"19_dates Between":   "is not midnight in UTC",
	"19_dates Among":     "is not midnight in UTC",
	// The comparison makes migrations of a dump by itself, and leaves the rows of a table
	// within a virtual one in them, which silo generate passes over.
	"62_plain_schema GetNote": "may not be modified",
	// Texts that are drawn are no JSON.
	"35_table_valued_functions Tags":   "malformed JSON",
	"35_table_valued_functions Tagged": "malformed JSON",
	// The comparison knows tenants only, whose files have no catalog.
	"49_catalog_in_global ListActive":   "no such table: silo_tenants",
	"49_catalog_in_global GetCataloged": "no such table: silo_tenants",
	"49_catalog_in_global PlanOf":       "no such table: silo_aliases",
	// date() of a text that is no date is NULL, and the author has said that there are
	// none such in the column. Rows that are drawn have them.
	"18_comments SumByDay": "its author has promised",
	// The project has chosen Go types. Those hold less than the column: bytes that are
	// drawn are no JSON, which the runtime refuses to store as such, numbers no int32;
	// nobody can draw an any; and the stub of a type of the project's own is no BLOB.
	"50_overrides_of_types AddThing":        "is no JSON",
	"50_overrides_of_types Since":           "by hand 0", // a text is compared with milliseconds
	"51_overrides_of_columns KindsOfLevels": "out of range, the query's Go type wants int32",
	"51_overrides_of_columns AddUser":       "no values of the type interface {} can be drawn",
	"52_overrides_with_methods WithIDs":     "a list for a column of BLOBs holds another kind of value",
}

// copyOfGoldenCases has the cases' own packages be such as the corpus tool makes stubs of:
// theirs cannot be imported from its module.
func copyOfGoldenCases(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	if err := os.CopyFS(root, os.DirFS("../testdata")); err != nil {
		t.Fatal(err)
	}
	configs, err := filepath.Glob(filepath.Join(root, "*", "sqlc.yaml"))
	if err != nil || len(configs) == 0 {
		t.Fatalf("%d configurations, %v", len(configs), err)
	}
	for _, config := range configs {
		text, err := os.ReadFile(config)
		if err != nil {
			t.Fatal(err)
		}
		text = bytes.ReplaceAll(text, []byte("github.com/silokit/silo/cmd/internal/codegen/testdata/"), []byte("golden.test/"))
		if err := os.WriteFile(config, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestTheGoldenCasesDoWhatTheirSQLDoesByHand(t *testing.T) {
	if !*goldenCases {
		t.Skip("make differential runs it, with -golden: it takes some minutes")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	report, err := corpus.Run(t.Context(), corpus.Options{Root: copyOfGoldenCases(t), Silo: self, Checkout: "../../../..", Seed: 1, Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	draws, rows, compared := 0, 0, 0
	for _, q := range report.Queries {
		draws, rows = draws+q.Draws, rows+q.Rows
		if q.Draws > 0 {
			compared++
		}
		name := q.Unit + " " + q.Name
		switch why := explained[name]; {
		case why != "" && strings.Contains(q.Reason, why):
		case q.Class == corpus.Refused && strings.Contains(q.Unit, "_error_"): // which is what the case is about
		case q.Class != corpus.Accepted:
			t.Errorf("%s: %s: %s", name, q.Class, q.Reason)
		}
		if q.Class != corpus.Accepted {
			t.Logf("%s: %s: %s", name, q.Class, q.Reason)
		}
	}
	if compared < 250 {
		t.Errorf("only %d queries were compared", compared)
	}
	t.Logf("%d queries compared in %d draws, %d rows; %v", compared, draws, rows, report.Totals.Classes)
}
