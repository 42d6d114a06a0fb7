package corpus

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// project is a unit as a Silo project: a package of the bench's module.
type project struct {
	unit    *Unit
	dir     string // of the package that embeds the migrations; its generated package is in gen
	pkg     string // that package's name
	options siloOptions
}

// siloProblem is a problem as silo generate --json prints it.
type siloProblem struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Message string `json:"message"`

	Queries  []string `json:"queries"`  // that it is about, where it is in the schema
	Severity string   `json:"severity"` // error or warning
}

// generate has Silo write code for the queries of a unit, without those that it
// refuses, which keep the reason.
func (b *bench) generate(ctx context.Context, p *project, queries []*Query) error {
	left := queries
	for len(left) > 0 {
		if err := p.write(left); err != nil {
			return err
		}
		problems, failure, err := b.silo(ctx, p)
		if err != nil {
			return err
		}
		if failure == "" && len(problems) == 0 {
			return nil
		}
		refused, dropped := p.attribute(problems, left)
		switch {
		case len(refused) > 0:
		case dropped:
			continue
		case failure != "" && len(left) > 1:
			return b.isolate(ctx, p, left)
		default:
			refused = left
			for _, q := range left {
				q.refuse(reasonsOf(problems, failure)...)
			}
		}
		left = subtract(left, refused)
	}
	return os.RemoveAll(filepath.Join(p.dir, "gen"))
}

// isolate finds the queries with which Silo fails without saying where.
func (b *bench) isolate(ctx context.Context, p *project, queries []*Query) error {
	var good []*Query
	for _, q := range queries {
		if err := b.generate(ctx, p, []*Query{q}); err != nil {
			return err
		}
		if q.Class == Accepted {
			good = append(good, q)
		}
	}
	if len(good) == len(queries) {
		for _, q := range good {
			q.refuse("Silo fails with all queries together, though with none alone")
		}
		return nil
	}
	return b.generate(ctx, p, good)
}

func (q *Query) refuse(reasons ...string) { q.judge(Refused, reasons...) }

// judge says what became of a query, and why.
func (q *Query) judge(class Class, reasons ...string) {
	q.Class, q.reasons, q.Reason = class, reasons, strings.Join(reasons, "; ")
}

func reasonsOf(problems []siloProblem, failure string) []string {
	if len(problems) == 0 {
		return []string{failure}
	}
	texts := make([]string, 0, len(problems))
	for _, p := range problems {
		texts = append(texts, fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Message))
	}
	return texts
}

// silo runs Silo on a project. There are problems, or a failure that names no place.
func (b *bench) silo(ctx context.Context, p *project) (problems []siloProblem, failure string, err error) {
	out, err := run(ctx, patience, p.dir, b.Silo, "generate", "--json", "-f", "sqlc.yaml")
	if err != nil {
		return nil, "", err
	}
	if out.code == 0 {
		return nil, "", nil
	}
	problems = reported(out.stdout)
	if len(problems) == 0 {
		failure = fmt.Sprintf("silo ended with %d: %s", out.code, firstLine(out.stderr))
	}
	return problems, failure, nil
}

// reported returns what Silo says is wrong, without its warnings. There is nothing when
// it ended without a report.
func reported(stdout string) []siloProblem {
	var report struct{ Problems []siloProblem }
	if json.Unmarshal([]byte(stdout), &report) != nil {
		return nil
	}
	return slices.DeleteFunc(report.Problems, func(p siloProblem) bool { return p.Severity == "warning" })
}

// write writes the project with the given queries and no others.
func (p *project) write(queries []*Query) error {
	if err := os.RemoveAll(filepath.Join(p.dir, "queries")); err != nil {
		return err
	}
	files := map[string]string{
		"schema.go": fmt.Sprintf("// Package %[1]s embeds a schema.\npackage %[1]s\n\nimport \"embed\"\n\n//go:embed migrations/*.sql\nvar Migrations embed.FS\n", p.pkg),
	}
	for _, m := range p.unit.migrations() {
		files["migrations/"+m.name] = m.text
	}
	if len(files) == 1 { // queries such as SELECT 1 need no schema, and Silo a file
		files["migrations/00001_schema.sql"] = "-- +goose Up\n"
	}
	wanted := asked(queries)
	var sources []string
	for n, file := range p.unit.queries {
		some := false
		text := file.without(func(s statement) bool {
			keep := s.name != "" && wanted[place{n, s.start}]
			some = some || keep
			return !keep
		})
		if some {
			name := stagedFile("queries", n, file)
			sources, files[name] = append(sources, name), text
		}
	}
	files["sqlc.yaml"] = p.options.config(sources)
	return writeFiles(p.dir, files)
}

var queryFolder = regexp.MustCompile(`^queries[/\\](\d+)[/\\]`)

// attribute gives each problem to the query that it is about, or takes out the option
// that it is about.
func (p *project) attribute(problems []siloProblem, queries []*Query) (refused []*Query, dropped bool) {
	seen := map[*Query]bool{}
	var lines []int
	for _, problem := range problems {
		if problem.File == "sqlc.yaml" {
			lines = append(lines, problem.Line)
		}
	}
	options := p.options.drop(lines...)
	dropped = len(options) > 0
	for _, problem := range problems {
		if problem.File == "sqlc.yaml" {
			if option, ok := options[problem.Line]; ok {
				p.unit.refusedOptions++
				p.unit.note("refused option %s: %s", option, problem.Message)
			}
			continue
		}
		about := func(q *Query) bool { return slices.Contains(problem.Queries, q.Name) }
		if match := queryFolder.FindStringSubmatch(filepath.ToSlash(problem.File)); match != nil {
			file, _ := strconv.Atoi(match[1])
			about = func(q *Query) bool {
				return q.file == file && (problem.Line == 0 || q == at(queries, file, problem.Line))
			}
		}
		for _, q := range queries {
			if !about(q) {
				continue
			}
			if !seen[q] {
				seen[q] = true
				refused = append(refused, q)
				q.refuse(problem.Message)
			} else {
				q.refuse(append(q.reasons, problem.Message)...)
			}
		}
	}
	return refused, dropped
}
