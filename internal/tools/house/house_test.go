package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestRulesRefuseImportsAgainstTheirDirection(t *testing.T) {
	tests := []struct {
		name string
		pkg  pkg
		want string // a part of the one problem; empty for none
	}{
		{"the runtime imports generated code", pkg{path: module + "/tenantdb", deps: []string{module + "/gen/tenant"}}, "knows no application"},
		{"the runtime imports a command line", pkg{path: module + "/tenantdb/internal/sqlite", deps: []string{"github.com/spf13/cobra"}}, "knows no application"},
		{"the life cycle imports a command line", pkg{path: module + "/tenantdb/lifecycle", deps: []string{"github.com/spf13/cobra"}}, "no command line in it"},
		{"the runtime imports terminals", pkg{path: module + "/tenantdb", deps: []string{"golang.org/x/term"}}, "knows no application"},
		{"the commands import a command line", pkg{path: module + "/tenantdb/tenantcli", deps: []string{"github.com/spf13/cobra"}}, ""},
		{"the runtime imports telemetry", pkg{path: module + "/tenantdb/sqlcheck", deps: []string{"go.opentelemetry.io/otel/trace"}}, "knows no application"},
		{"the runtime imports SQLite", pkg{path: module + "/tenantdb", deps: []string{"modernc.org/sqlite", "fmt"}}, ""},
		{"the test kit imports net/http", pkg{path: module + "/tenantdb/tenanttest", deps: []string{"net/http"}}, ""},
		{"the edge imports tokens", pkg{path: module + "/tenantdb/tenanthttp", deps: []string{"github.com/golang-jwt/jwt/v5"}}, "no verification of tokens"},
		{"tokens import tokens", pkg{path: module + "/tenantdb/tenantjwt", deps: []string{"github.com/golang-jwt/jwt/v5"}}, ""},
		{"the edge imports a router", pkg{path: module + "/tenantdb/tenanthttp", deps: []string{"github.com/go-chi/chi/v5"}}, "before any router"},
		{"queries import handles", pkg{path: module + "/tenantdb/query", deps: []string{module + "/tenantdb"}}, "not handles"},
		{"queries import statements", pkg{path: module + "/tenantdb/query", deps: []string{module + "/tenantdb/internal/sqlite"}}, ""},
		{"leases import SQL", pkg{path: module + "/tenantdb/internal/lease", deps: []string{"database/sql"}}, "leases know no SQL"},
		{"leases import SQLite", pkg{path: module + "/tenantdb/internal/lease", deps: []string{"modernc.org/sqlite/lib"}}, "leases know no SQL"},
		{"the test kit has files fail", pkg{path: module + "/tenantdb/tenanttest", deps: []string{module + "/tenantdb/internal/sqlite/sqlitefault"}}, ""},
		{"the runtime has files fail", pkg{path: module + "/tenantdb", deps: []string{module + "/tenantdb/internal/sqlite/sqlitefault"}}, "in tests alone"},
		{"the runtime kills processes", pkg{path: module + "/tenantdb", deps: []string{module + "/tenantdb/internal/childtest"}}, "killed by tests alone"},
		{"an application imports the test kit", pkg{path: module + "/examples/quickstart", deps: []string{module + "/tenantdb/tenanttest"}}, "is for tests"},
		{"the generator imports what it generates", pkg{path: module + "/cmd/internal/codegen/infer", deps: []string{module + "/gen/global"}}, "mendable"},
		{"the generator asks SQLite", pkg{path: module + "/cmd/internal/codegen", deps: []string{module + "/tenantdb/sqlcheck"}}, ""},
		{"another package imports sqlc", pkg{path: module + "/cmd/internal/codegen", imports: []string{"github.com/sqlc-dev/sqlc/pkg/cli"}}, "takes minutes"},
		{"one package imports sqlc", pkg{path: module + "/cmd/internal/codegen/sqlcrun", imports: []string{"github.com/sqlc-dev/sqlc/pkg/cli"}}, ""},
		{"sqlc through the one package", pkg{path: module + "/cmd/silo", deps: []string{"github.com/sqlc-dev/sqlc/pkg/cli"}}, ""},
		{"generated code imports its schema", pkg{path: module + "/gen/tenant", imports: []string{module + "/schema", module + "/tenantdb", module + "/tenantdb/query", "context"}}, ""},
		{"generated code imports more", pkg{path: module + "/gen/tenant", imports: []string{"modernc.org/sqlite"}}, "generated code imports"},
		{"a schema imports the runtime", pkg{path: module + "/schema", deps: []string{module + "/tenantdb"}}, "a schema is files"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := breaches([]pkg{test.pkg}, rules)
			if test.want == "" && len(got) != 0 || test.want != "" && (len(got) != 1 || !strings.Contains(got[0], test.want)) {
				t.Errorf("problems %q, want %q", got, test.want)
			}
		})
	}
}

func TestRulesNameTheModulesPackages(t *testing.T) {
	out, err := goTool(".", "list", module+"/...")
	if err != nil {
		t.Fatal(err)
	}
	packages := strings.Fields(string(out))
	for _, rule := range rules {
		for _, pattern := range slices.Concat(rule.of, rule.except) {
			if !slices.ContainsFunc(packages, func(path string) bool { return matches(path, []string{pattern}) }) {
				t.Errorf("the rule %q is of %s, which does not exist", rule.why, pattern)
			}
		}
	}
}

func TestRequiredReadsAGoMod(t *testing.T) {
	goMod := []byte(`{"Require": [{"Path": "modernc.org/libc", "Version": "v1.79.0"}, {"Path": "modernc.org/memory", "Version": "v1.12.1"}]}`)
	if got, err := required(goMod, "modernc.org/libc"); got != "v1.79.0" || err != nil {
		t.Errorf("required: %q, %v", got, err)
	}
	if got, err := required(goMod, "modernc.org/sqlite"); err == nil {
		t.Errorf("a module that is not required: %q", got)
	}
}

func TestLongFilesAreRefused(t *testing.T) {
	dir := t.TempDir()
	long, longTest := strings.Repeat("//\n", maxLines+1), strings.Repeat("//\n", maxTestLines+1)
	for name, content := range map[string]string{
		"long.go":              long,
		"sub/long_test.go":     longTest,
		"just.go":              strings.Repeat("//\n", maxLines),
		"just_test.go":         strings.Repeat("//\n", maxTestLines),
		"generated.go":         "// Code generated by silo; DO NOT EDIT.\n" + long,
		"notes.md":             long,
		"testdata/long.go":     long,
		".hidden/long.go":      long,
		"sub/testdata/long.go": long,
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := lengthProblems(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || !strings.Contains(got[0], "long.go has 301 lines") || !strings.Contains(got[1], "long_test.go has 401 lines") {
		t.Errorf("problems %q, want long.go and sub/long_test.go", got)
	}
}

func TestClaimsNameTestsThatExist(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"docs/claims.md":   "| a claim | `TestThatIs`, `TestThatIsNot`, `FuzzThatIs` |",
		"a/b/held_test.go": "package b\n\nfunc TestThatIs(t *testing.T) {}\n\nfunc FuzzThatIs(f *testing.F) {}\n",
		"a/b/held.go":      "package b\n\nfunc TestThatIsNot(t *testing.T) {}\n",
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	problems, err := evidenceProblems(dir)
	if err != nil || len(problems) != 1 || !strings.Contains(problems[0], "no test TestThatIsNot") {
		t.Errorf("%q, %v", problems, err)
	}
}
