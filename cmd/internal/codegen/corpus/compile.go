package corpus

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// compiling bounds one run of the compiler on all units.
const compiling = 30 * time.Minute

// compile builds what was generated, and says which queries do not compile. Their code
// is taken out, so that the others can be run.
func (b *bench) compile(ctx context.Context, trials []*trial) error {
	byName := map[string]*trial{}
	for _, t := range trials {
		byName[t.project.pkg] = t
	}
	stubbed := map[string]string{}
	for range 12 { // an error can hide another
		if err := b.writeStubs(ctx); err != nil {
			return err
		}
		out, err := b.goCommand(ctx, "build", "-gcflags=-e", "./...")
		if err != nil {
			return err
		}
		if out.code == 0 {
			return nil
		}
		found, err := b.blame(ctx, byName, out.stderr, stubbed)
		if err != nil {
			return err
		}
		if !found {
			break
		}
	}
	return b.dropBroken(ctx, trials)
}

// dropBroken gives up the units whose code does not compile by itself, for reasons that
// belong to no query of theirs.
func (b *bench) dropBroken(ctx context.Context, trials []*trial) error {
	if err := b.writeStubs(ctx); err != nil {
		return err
	}
	for _, t := range trials {
		if !t.accepted() {
			continue
		}
		out, err := b.goCommand(ctx, "build", "./"+t.project.pkg+"/...")
		if err != nil {
			return err
		}
		if out.code != 0 {
			t.giveUp(fmt.Errorf("go build of %s: %s", t.unit.Name, strings.TrimSpace(out.stderr)))
		}
	}
	return nil
}

// goCommand runs the go command in the module of generated code. It downloads nothing.
func (b *bench) goCommand(ctx context.Context, args ...string) (output, error) {
	return run(ctx, compiling, b.Keep, "env", append([]string{"CGO_ENABLED=0", "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off", "go"}, args...)...)
}

var (
	buildError    = regexp.MustCompile(`(?m)^\s*(u\d+)[/\\]gen[/\\]([^:\n]+\.go):(\d+)(?::\d+)?: (.*)$`)
	undefinedName = regexp.MustCompile(`^undefined: (\w+)$`)
)

// blame gives each error of the compiler to a query. A type that the options say is in
// the generated package itself is the project's to write; a stub of it is added.
func (b *bench) blame(ctx context.Context, trials map[string]*trial, errors string, stubbed map[string]string) (found bool, err error) {
	again, fresh := map[*trial]bool{}, map[*trial]bool{}
	matches := buildError.FindAllStringSubmatch(errors, -1)
	for _, match := range matches {
		t, name := trials[match[1]], undefinedName.FindStringSubmatch(match[4])
		if t == nil || name == nil || !t.names(name[1]) {
			continue
		}
		if !strings.Contains(stubbed[match[1]], "type "+name[1]+" ") {
			if err := addStub(t, name[1], stubbed); err != nil {
				return found, err
			}
		}
		fresh[t] = true
	}
	for _, match := range matches {
		t := trials[match[1]]
		if t == nil {
			continue
		}
		found = true
		if fresh[t] {
			continue // what follows from a type that was missing is told again if it does not
		}
		file := filepath.Join(t.project.dir, "gen", match[2])
		line, _ := strconv.Atoi(match[3])
		for _, q := range t.writtenAt(file, line) {
			q.judge(NotCompiling, append(q.reasons, match[4])...)
			again[t] = true
		}
	}
	for t := range again {
		if err := b.regenerate(ctx, t); err != nil {
			return found, err
		}
	}
	return found, nil
}

// names reports whether a unit's options mention a name.
func (t *trial) names(name string) bool {
	for _, value := range t.project.options.values {
		if strings.Contains(value, name) {
			return true
		}
	}
	return slices.ContainsFunc(t.project.options.overrides, func(o override) bool { return strings.Contains(o.text, name) })
}

func addStub(t *trial, name string, stubbed map[string]string) error {
	if stubbed[t.project.pkg] == "" {
		stubbed[t.project.pkg] = fmt.Sprintf(stubSource, t.unit.packageName(), t.unit.packageName())
	}
	stubbed[t.project.pkg] += fmt.Sprintf(stubType, name, "", "")
	return os.WriteFile(filepath.Join(t.project.dir, "gen", "stub_types.go"), []byte(stubbed[t.project.pkg]), 0o600)
}

// regenerate writes a unit's code without the queries that are out.
func (b *bench) regenerate(ctx context.Context, t *trial) error {
	var left []*Query
	for _, q := range t.queries {
		if q.Class == Accepted {
			left = append(left, q)
		}
	}
	stub := filepath.Join(t.project.dir, "gen", "stub_types.go")
	text, _ := os.ReadFile(stub) // most have none
	if err := os.RemoveAll(filepath.Join(t.project.dir, "gen")); err != nil {
		return err
	}
	if err := b.generate(ctx, t.project, left); err != nil || len(text) == 0 || len(left) == 0 {
		return err
	}
	return os.WriteFile(stub, text, 0o600)
}

// writtenAt returns the queries that the declaration at a line was generated for. What
// serves several, such as a model, is of all queries.
func (t *trial) writtenAt(file string, line int) []*Query {
	var accepted, exact []*Query
	name := declaredAt(file, line)
	for _, q := range t.queries {
		if q.Class != Accepted && q.Class != NotCompiling {
			continue
		}
		accepted = append(accepted, q)
		short := strings.ToLower(name)
		for _, ending := range []string{"", "params", "row"} {
			for _, beginning := range []string{"", "scan"} {
				if short == beginning+strings.ToLower(q.Name)+ending {
					exact = append(exact, q)
				}
			}
		}
	}
	if len(exact) > 0 {
		return exact
	}
	return accepted
}

// declaredAt returns the name of the declaration around a line of a Go file.
func declaredAt(file string, line int) string {
	set := gotoken.NewFileSet()
	parsed, err := parser.ParseFile(set, file, nil, parser.SkipObjectResolution|parser.AllErrors)
	if parsed == nil {
		return fmt.Sprint(err)
	}
	for _, decl := range parsed.Decls {
		if set.Position(decl.Pos()).Line > line || set.Position(decl.End()).Line < line {
			continue
		}
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			return decl.Name.Name
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					return spec.Name.Name
				case *ast.ValueSpec:
					return spec.Names[0].Name
				}
			}
		}
	}
	return ""
}
