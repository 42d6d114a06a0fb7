package differential

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/silokit/silo/cmd/internal/cli"
	"github.com/silokit/silo/cmd/internal/codegen"
	"github.com/silokit/silo/cmd/internal/codegen/corpus"
	"github.com/silokit/silo/cmd/internal/codegen/plugin"
)

// ordinary is how many times projects are drawn when the command does not say.
const ordinary = 1

// TestMain makes the test binary its own silo, its own sqlc and its own plugin.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case codegen.ChildArg:
			if plain() {
				os.Exit(0)
			}
			fallthrough
		case plugin.Method, "generate":
			os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
		}
	}
	flag.Parse()
	checks := ordinary
	if testing.Short() {
		checks *= 5 // of which rapid then takes a fifth
	}
	for name, value := range map[string]string{"rapid.checks": strconv.Itoa(checks), "rapid.nofailfile": "true"} {
		given := false
		flag.Visit(func(f *flag.Flag) { given = given || f.Name == name })
		if !given {
			if err := flag.Set(name, value); err != nil {
				panic(err)
			}
		}
	}
	os.Exit(m.Run())
}

// plain reports whether sqlc is asked for Go code of its own, which nobody looks at here.
func plain() bool {
	config, err := os.ReadFile("sqlc.json")
	return err == nil && bytes.Contains(config, []byte(`"gen":`))
}

func TestGeneratedCodeDoesWhatItsSQLDoesByHand(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	temporary, tried := t.TempDir(), 0
	sums := newSums()
	defer sums.log(t)
	rapid.Check(t, func(t *rapid.T) {
		// Several projects share one run of the compiler and the linker.
		projects := rapid.SliceOfN(rapid.Custom(drawProject), 2, 4).Draw(t, "projects")
		seed := rapid.Uint64().Draw(t, "rows and arguments")
		tried++
		folder := filepath.Join(temporary, strconv.Itoa(tried))
		for i, p := range projects {
			if err := p.write(filepath.Join(folder, unitName(i))); err != nil {
				t.Fatal(err)
			}
		}
		report, err := corpus.Run(t.Context(), corpus.Options{Root: folder, Silo: self, Checkout: "../../../..", Seed: seed, Workers: 2})
		if err != nil {
			t.Fatalf("%v\nwith the projects %#v", err, projects)
		}
		if len(report.Skipped) > 0 {
			t.Fatalf("%s was not tried: %s", report.Skipped[0].Path, report.Skipped[0].Reason)
		}
		sums.add(report)
		for i, p := range projects {
			p.judge(t, unitName(i), report.Queries)
		}
	})
}

// unitName is the folder of a project.
func unitName(i int) string { return "p" + strconv.Itoa(i) }

// judge fails the test when the generator is at fault in a project.
func (p project) judge(t *rapid.T, unit string, queries []*corpus.Query) {
	var names []string
	var reasons strings.Builder
	for _, q := range queries {
		if q.Unit == unit && isFault(q) {
			names = append(names, q.Name)
			fmt.Fprintf(&reasons, "\n%s: %s: %s", q.Name, q.Class, q.Reason)
		}
	}
	if len(names) > 0 {
		t.Errorf("%d queries are at fault:%s\nThe project with them alone:%s", len(names), reasons.String(), p.with(names...))
	}
}

// isFault reports whether what became of a query is a fault of the generator. To
// refuse a query is its right, but not to fail, nor to contradict SQLite, with which
// every query was tried before, nor to refuse a schema.
func isFault(q *corpus.Query) bool {
	switch q.Class {
	case corpus.Wrong, corpus.NotCompiling:
		return true
	case corpus.Refused:
		if q.Name == always {
			return true // the schema is refused
		}
		for _, words := range []string{"please report", "silo ended with", "; SQLite: ", "though with none alone"} {
			if strings.Contains("; "+q.Reason, words) {
				return true
			}
		}
	}
	return false
}
