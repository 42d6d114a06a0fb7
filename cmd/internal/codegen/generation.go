package codegen

import (
	"context"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/plugin"
	"github.com/silokit/silo/cmd/internal/codegen/problem"
	"github.com/silokit/silo/tenantdb/sqlcheck"
)

// generation is one run over a project.
type generation struct {
	root, file, self string
	unread           bool // the configuration has errors; what it says of Go code is not all known
	blocks           []*block
	problems         problem.List
}

// sameFolders refuses packages whose folders are one through a link: they would remove
// each other's files.
func (g *generation) sameFolders() {
	seen := map[string]string{}
	for _, b := range g.blocks {
		if b.Out == "" {
			continue // a problem says so already
		}
		place := resolved(g.root, b.Out)
		for before, out := range seen {
			if before != place && strings.EqualFold(before, place) {
				g.problems.Add(g.file, b.Line, "out: %s is the same folder as %s on systems where a name is one in capitals and small letters: give it another name", b.Out, out)
			}
		}
		if other, ok := seen[place]; ok && path.Clean(other) != path.Clean(b.Out) {
			g.problems.Add(g.file, b.Line, "out: %s is the same folder as %s, by a link: give each package a folder of its own", b.Out, other)
		}
		seen[place] = b.Out
	}
}

// resolved returns the place of a folder behind all links, or where it would be made.
func resolved(root, out string) string {
	place := filepath.Join(root, filepath.FromSlash(out))
	if real, err := filepath.EvalSymlinks(place); err == nil {
		return real
	}
	return place
}

// plan takes the plan of the run before when nothing has changed since, and makes one
// otherwise.
func (g *generation) plan(ctx context.Context, file string, config []byte) (*Plan, error) {
	place, kept := memoryFile(file)
	inputs, known := g.inputs(config)
	if !kept || !known {
		return g.run(ctx)
	}
	before := memoryOf(place)
	if g.problems.Len() == 0 {
		if plan, ok := g.recall(before, inputs); ok {
			return plan, nil
		}
	}
	plan, err := g.run(ctx)
	if err != nil {
		return nil, err
	}
	plan.keep = keeping{file: place, config: file, inputs: inputs}
	plan.former = g.former(before, plan.outs, place)
	return plan, nil
}

// former returns the folders of the run before that are no package's now: neither of
// this configuration nor of another, to which a package may have moved.
func (g *generation) former(before memory, outs []string, place string) []string {
	now := map[string]bool{}
	for _, out := range outs {
		now[resolved(g.root, out)] = true
	}
	gone := slices.DeleteFunc(before.Outs, func(out string) bool { return now[resolved(g.root, out)] })
	if len(gone) == 0 {
		return nil
	}
	elsewhere := outsOfOthers(place)
	return slices.DeleteFunc(gone, func(out string) bool { return elsewhere[resolved(g.root, out)] })
}

// run makes a plan from what was loaded.
func (g *generation) run(ctx context.Context) (plan *Plan, err error) {
	for _, b := range g.blocks {
		g.problems.Append(b.parse())
	}
	databases := make([]*database, len(g.blocks))
	for i, b := range g.blocks {
		db, failed := g.open(ctx, b)
		if failed != nil {
			return nil, failed
		}
		if db != nil {
			defer func() { err = errors.Join(err, db.Close()) }()
			databases[i] = db
		}
	}
	builders := make([]*builder, len(g.blocks))
	asked := make([]map[int]bool, len(g.blocks))
	for i, db := range databases {
		if db == nil {
			continue
		}
		var failed error
		if builders[i], failed = g.check(ctx, i, databases); failed != nil {
			return nil, failed
		}
		asked[i] = builders[i].unclear()
	}
	if g.unread { // types and names depend on the options, what SQLite says does not
		for _, b := range builders {
			if b != nil {
				g.problems.Append(b.problems)
			}
		}
		return &Plan{root: g.root}, nil
	}
	requests, failed := askSQLC(ctx, g.self, g.blocks, asked)
	if failed != nil {
		return nil, failed
	}
	g.unusedOverrides(builders)
	g.unusedNames(builders)
	g.unusedTables(builders)
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

// check examines the queries of a block on its database.
func (g *generation) check(ctx context.Context, i int, databases []*database) (*builder, error) {
	b, db := g.blocks[i], databases[i]
	c := checker{db: db.DB, kind: b.Kind, catalog: newCatalog(db.DB, db.objects), tables: db.tables(), temporary: b.temporary(), elsewhere: map[string]string{}, types: newTyper(&b.Options)}
	for other, its := range databases {
		if its == nil || other == i {
			continue
		}
		for _, table := range its.tables() {
			c.elsewhere[strings.ToLower(table)] = g.blocks[other].Package
		}
	}
	seen := map[string]string{}
	for n := range b.queries {
		q := &b.queries[n]
		if first := seen[q.Name]; first != "" {
			c.problem(q, q.Pos, "the query at %s has the same name: write another one in -- name:", first)
			continue
		}
		seen[q.Name] = fmt.Sprintf("%s:%d", q.File, q.Line)
		if checked, ok := c.check(q); ok {
			b.checked = append(b.checked, checked)
		}
	}
	if err := g.advise(ctx, b, db); err != nil {
		return nil, err
	}
	return newBuilder(b, c, db.digest), nil
}

// codeOfSQLite matches the number behind a message, which tells an author nothing more.
var codeOfSQLite = regexp.MustCompile(` \(SQLite code \d+\)$`)

// migrationProblems notes why the migrations of a block fail.
func (g *generation) migrationProblems(b *block, err error) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			g.migrationProblems(b, e)
		}
		return
	}
	var of *sqlcheck.MigrationError
	if errors.As(err, &of) {
		m := b.migration(of.File)
		text := of.Error() // which begins with the place; said once is enough
		for _, place := range []string{fmt.Sprintf("%s:%d: ", of.File, of.Line), of.File + ": "} {
			text = strings.TrimPrefix(text, place)
		}
		if _, table, ok := strings.Cut(text, reservedName); ok {
			table, _, _ = strings.Cut(table, " ")
			text += b.madeWithin(table)
		}
		text = codeOfSQLite.ReplaceAllString(text, "")
		if strings.Contains(text, "unknown datatype for ") {
			text += ": STRICT tables know INT, INTEGER, REAL, TEXT, BLOB and ANY only"
		}
		g.problems.Add(m.path, m.line(of.Line), "%s", text)
		return
	}
	g.problems.Add(b.place(), 0, "%v", err)
}

// build makes the files of a block. There are none when it has problems.
func (g *generation) build(b *builder, request *plugin.Request) ([]File, error) {
	for n, q := range b.checked {
		if request != nil {
			b.guess(n, q, request)
		}
		b.typesKnown(q)
	}
	b.noteUnreadable()
	if err := b.fallbacksFit(); err != nil {
		return nil, err
	}
	b.build()
	g.problems.Append(b.problems)
	if g.problems.Len() > 0 {
		return nil, nil
	}
	return render(b.Out, &b.data)
}
