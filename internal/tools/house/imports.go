package main

import (
	"fmt"
	"slices"
	"strings"
)

const module = "github.com/silokit/silo"

// pkg is a package of the module.
type pkg struct {
	path    string
	imports []string // directly
	deps    []string // directly and indirectly
}

// rule says what packages must not import.
type rule struct {
	of     []string // the packages, as patterns
	never  []string // what they must not import, directly or indirectly, as patterns
	direct bool     // only direct imports are meant
	except []string // packages that the rule is not for, as patterns
	allow  []string // what they may import all the same, as patterns
	why    string
}

// rules are the directions of imports. A pattern is an import path; with /... at its
// end it is of all packages below too. "other" is any package outside the standard
// library.
var rules = []rule{
	{
		of: []string{module + "/tenantdb", module + "/tenantdb/query", module + "/tenantdb/sqlcheck", module + "/tenantdb/internal/..."},
		never: []string{
			module + "/gen/...", module + "/schema/...", module + "/cmd/...",
			"go.opentelemetry.io/...", "github.com/golang-jwt/jwt/...", "github.com/spf13/...", "github.com/google/wire/...", "net/http",
			"github.com/schollz/progressbar/...", "golang.org/x/term",
		},
		why: "the runtime knows no application, no command line, no web and no telemetry",
	},
	{
		of: []string{module + "/tenantdb/catalog/...", module + "/tenantdb/lifecycle", module + "/tenantdb/fleet", module + "/tenantdb/worker"},
		never: []string{
			module + "/gen/...", module + "/cmd/...", module + "/tenantdb/tenantcli",
			"go.opentelemetry.io/...", "github.com/golang-jwt/jwt/...", "github.com/spf13/...", "github.com/google/wire/...", "net/http",
			"github.com/schollz/progressbar/...", "golang.org/x/term",
		},
		why: "a service that uses them has no command line in it",
	},
	{
		of: []string{module + "/tenantdb/tenanthttp", module + "/tenantdb/tenantjwt"},
		never: []string{
			module + "/gen/...", module + "/cmd/...", module + "/tenantdb/tenantcli", module + "/tenantdb/lifecycle",
			"go.opentelemetry.io/...", "github.com/spf13/...", "github.com/google/wire/...", "github.com/go-chi/...", "github.com/labstack/...",
		},
		why: "the edge stands on net/http and the catalog, before any router",
	},
	{
		of:    []string{module + "/tenantdb/tenanthttp"},
		never: []string{"github.com/golang-jwt/jwt/...", module + "/tenantdb/tenantjwt"},
		why:   "a service without tokens has no verification of tokens in it",
	},
	{
		of:    []string{module + "/tenantdb/query"},
		never: []string{module + "/tenantdb", module + "/tenantdb/internal/lease/...", module + "/tenantdb/internal/migrate/..."},
		why:   "queries know statements and rows, not handles",
	},
	{
		of:     []string{module + "/..."},
		never:  []string{module + "/tenantdb/internal/sqlite/sqlitefault"},
		except: []string{module + "/tenantdb/internal/sqlite/sqlitefault", module + "/tenantdb/tenanttest"},
		why:    "files fail in tests alone",
	},
	{
		of:     []string{module + "/..."},
		never:  []string{module + "/tenantdb/internal/childtest"},
		except: []string{module + "/tenantdb/internal/childtest"},
		why:    "processes are killed by tests alone",
	},
	{
		of:     []string{module + "/..."},
		never:  []string{module + "/tenantdb/tenanttest"},
		except: []string{module + "/tenantdb/tenanttest"},
		why:    "the test kit is for tests",
	},
	{
		of:    []string{module + "/tenantdb/internal/lease"},
		never: []string{"modernc.org/...", "database/sql/...", module + "/tenantdb/internal/sqlite/..."},
		why:   "leases know no SQL",
	},
	{
		of:    []string{module + "/cmd/internal/codegen/..."},
		never: []string{module + "/gen/...", module + "/tenantdb/catalog/...", module + "/tenantdb"},
		why:   "a broken gen/ must be mendable by generating",
	},
	{
		of:    []string{module + "/cmd/internal/scaffold"},
		never: []string{module + "/gen/...", module + "/tenantdb/...", module + "/cmd/internal/codegen/...", "github.com/sqlc-dev/sqlc/..."},
		why:   "a new service is files, whatever state Silo is in",
	},
	{
		of:     []string{module + "/..."},
		never:  []string{"github.com/sqlc-dev/sqlc/..."},
		direct: true,
		except: []string{module + "/cmd/internal/codegen/sqlcrun"},
		why:    "sqlc takes minutes to compile: one package runs it",
	},
	{
		of:     []string{module + "/gen/..."},
		never:  []string{"other"},
		direct: true,
		allow:  []string{module + "/schema/...", module + "/tenantdb", module + "/tenantdb/query"},
		why:    "generated code imports the schema, tenantdb and query alone",
	},
	{
		of:    []string{module + "/schema"},
		never: []string{"other"},
		why:   "a schema is files",
	},
}

func importProblems(dir string) ([]string, error) {
	out, err := goTool(dir, "list", "-f", "{{.ImportPath}}\t{{join .Imports \" \"}}\t{{join .Deps \" \"}}", "./...")
	if err != nil {
		return nil, err
	}
	var all []pkg
	for line := range strings.Lines(string(out)) {
		fields := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(fields) != 3 {
			return nil, fmt.Errorf("go list printed %q", line)
		}
		all = append(all, pkg{fields[0], strings.Fields(fields[1]), strings.Fields(fields[2])})
	}
	return breaches(all, rules), nil
}

// breaches returns a line for each import that a rule forbids.
func breaches(all []pkg, rules []rule) (problems []string) {
	for _, rule := range rules {
		for _, p := range all {
			if !matches(p.path, rule.of) || matches(p.path, rule.except) {
				continue
			}
			imported := p.deps
			if rule.direct {
				imported = p.imports
			}
			for _, path := range imported {
				if matches(path, rule.never) && !matches(path, rule.allow) {
					problems = append(problems, fmt.Sprintf("%s imports %s: %s", p.path, path, rule.why))
				}
			}
		}
	}
	return problems
}

func matches(path string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		if pattern == "other" {
			first, _, _ := strings.Cut(path, "/")
			return strings.Contains(first, ".")
		}
		if below, ok := strings.CutSuffix(pattern, "/..."); ok {
			return path == below || strings.HasPrefix(path, below+"/")
		}
		return path == pattern
	})
}
