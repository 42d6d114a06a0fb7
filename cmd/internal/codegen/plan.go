package codegen

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/config"
	"github.com/silokit/silo/cmd/internal/codegen/plugin"
	"github.com/silokit/silo/cmd/internal/codegen/problem"
	"github.com/silokit/silo/tenantdb/sqlcheck"
)

// Options says what to generate from.
type Options struct {
	// Config is the path of sqlc.yaml. The paths in it start from its folder.
	Config string

	// Self is the path of the running program. It is run as sqlc, by [ChildArg], and
	// by sqlc as its plugin, by [plugin.Method].
	Self string
}

// Plan is what a project's generated files should be.
type Plan struct {
	root string
	outs []string
	// Files are sorted by package, in the order of sqlc.yaml, and by path.
	Files []File
}

// NewPlan generates in memory. When the input has problems the error is a
// [*problem.Error] that holds all that were found. Cancelling ctx stops sqlc.
func NewPlan(ctx context.Context, options Options) (*Plan, error) {
	file, err := filepath.Abs(options.Config)
	if err != nil {
		return nil, fmt.Errorf("codegen: %w", err)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("codegen: %w", err)
	}
	root, name := filepath.Dir(file), filepath.Base(file)
	configs, problems := config.Parse(name, data)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	g := &generation{root: root, file: name, self: options.Self}
	for _, c := range configs {
		b, found := load(root, name, c)
		g.blocks = append(g.blocks, b)
		g.problems.Append(found)
	}
	plan, err := g.run(ctx)
	if err != nil {
		return nil, err
	}
	if err := g.problems.Err(); err != nil {
		return nil, err
	}
	return plan, nil
}

// generation is one run over a project.
type generation struct {
	root, file, self string
	blocks           []*block
	problems         problem.List
}

func (g *generation) run(ctx context.Context) (plan *Plan, err error) {
	s, err := newStage(g.blocks)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.remove()) }()

	builders := make([]*builder, len(g.blocks))
	for i, b := range g.blocks {
		builder, db, failed := g.check(ctx, s, i, b)
		if failed != nil {
			return nil, failed
		}
		if builder != nil {
			defer func() { err = errors.Join(err, db.Close()) }()
			builders[i] = builder
		}
	}
	requests, found, failed := s.runSQLC(ctx, g.self)
	if failed != nil {
		return nil, failed
	}
	g.problems.Append(found)

	plan = &Plan{root: g.root}
	for i, b := range builders {
		if b == nil {
			continue
		}
		files, failed := g.build(b, requests[i])
		if failed != nil {
			return nil, failed
		}
		plan.outs = append(plan.outs, b.Out)
		plan.Files = append(plan.Files, files...)
	}
	return plan, nil
}

// check opens the database of a block and examines its queries on it. The database is
// the caller's to close. There is neither it nor a builder when the migrations fail.
func (g *generation) check(ctx context.Context, s *stage, i int, b *block) (*builder, *sqlcheck.DB, error) {
	if len(b.migrations) == 0 {
		return nil, nil, nil // a problem says so already
	}
	db, err := sqlcheck.Open(ctx, s.migrations(i))
	if err != nil {
		g.migrationProblems(b, err)
		return nil, nil, ctx.Err()
	}
	digest, err := sqlcheck.Digest(s.migrations(i))
	if err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	c := checker{db: db, catalog: newCatalog(db, b.migrations)}
	seen := map[string]string{}
	for n := range b.queries {
		q := &b.queries[n]
		if first := seen[q.Name]; first != "" {
			c.problem(q, q.Line, "the query at %s has the same name: write another one in -- name:", first)
			continue
		}
		seen[q.Name] = fmt.Sprintf("%s:%d", q.File, q.Line)
		if checked, ok := c.check(q); ok {
			b.checked = append(b.checked, checked)
		}
	}
	return newBuilder(b, c, digest), db, nil
}

// migrationProblems notes why the migrations of a block fail.
func (g *generation) migrationProblems(b *block, err error) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			g.migrationProblems(b, e)
		}
		return
	}
	var migration *sqlcheck.MigrationError
	if errors.As(err, &migration) && migration.File != "" {
		text := migration.Error() // which begins with the place; said once is enough
		for _, place := range []string{fmt.Sprintf("%s:%d: ", migration.File, migration.Line), migration.File + ": "} {
			text = strings.TrimPrefix(text, place)
		}
		g.problems.Add(path.Join(b.Schema, migration.File), migration.Line, "%s", text)
		return
	}
	g.problems.Add(b.Schema, 0, "%v", err)
}

// build makes the files of a block. There are none when it has problems.
func (g *generation) build(b *builder, request *plugin.Request) ([]File, error) {
	var tables []string
	if request != nil {
		tables = request.Tables()
		for _, q := range b.checked {
			if !request.Has(q.text.Name) {
				b.problem(q.text, q.text.Line, "sqlc reads no query in this: please report it")
			}
		}
	}
	b.build(tables)
	g.problems.Append(b.problems)
	if g.problems.Len() > 0 {
		return nil, nil
	}
	return render(b.Out, &b.data)
}
