package corpus

import (
	"context"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// stubs stand in for packages of types that projects name under overrides: their own
// packages are not here, and those of others are not downloaded.
type stubs struct {
	used map[string]map[string]shape // the types used of each import path
	pkgs map[string]string           // the packages' names, where code says them
}

// shape says whether a type takes type arguments.
type shape int

const (
	plain shape = iota
	generic
)

// readStubs looks through generated files for what they use of other packages.
func readStubs(files []string) (stubs, error) {
	s := stubs{used: map[string]map[string]shape{}, pkgs: map[string]string{}}
	for _, name := range files {
		file, err := parser.ParseFile(gotoken.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			continue // go build says it better
		}
		paths := map[string]string{}
		for _, spec := range file.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return s, err
			}
			local := importName(path)
			if spec.Name != nil {
				local = spec.Name.Name
			}
			paths[local], s.pkgs[path] = path, local
			if s.used[path] == nil {
				s.used[path] = map[string]shape{}
			}
		}
		s.look(file, paths)
	}
	return s, nil
}

func (s *stubs) look(file *ast.File, paths map[string]string) {
	note := func(e ast.Expr, of shape) {
		selector, ok := e.(*ast.SelectorExpr)
		if !ok {
			return
		}
		if x, ok := selector.X.(*ast.Ident); ok && paths[x.Name] != "" {
			types := s.used[paths[x.Name]]
			types[selector.Sel.Name] = max(types[selector.Sel.Name], of)
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.IndexExpr:
			note(n.X, generic)
		case *ast.SelectorExpr:
			note(n, plain)
		}
		return true
	})
}

var majorVersion = regexp.MustCompile(`^v\d+$`)

// importName guesses the name of a package as gofmt's tools do.
func importName(path string) string {
	parts := strings.Split(path, "/")
	last := parts[len(parts)-1]
	if majorVersion.MatchString(last) && len(parts) > 1 {
		last = parts[len(parts)-2]
	}
	last, _, _ = strings.Cut(last, ".")
	last = strings.TrimPrefix(last, "go-")
	return strings.Map(func(r rune) rune {
		if r == '-' {
			return '_'
		}
		return r
	}, last)
}

const stubSource = `// Package %s stands in for one that is not here.
package %s

import "database/sql/driver"
`

// stubType keeps whatever the database gives, and gives the same back.
const stubType = `
// %[1]s holds a value as the database gives it.
type %[1]s%[2]s struct{ V any }

// Scan keeps a value.
func (t *%[1]s%[3]s) Scan(v any) error {
	if b, ok := v.([]byte); ok {
		v = append([]byte{}, b...)
	}
	t.V = v
	return nil
}

// Value gives it back.
func (t %[1]s%[3]s) Value() (driver.Value, error) { return t.V, nil }
`

// source returns a package with the types that are used of it.
func (s *stubs) source(path string) string {
	var text strings.Builder
	fmt.Fprintf(&text, stubSource, s.pkgs[path], s.pkgs[path])
	for _, name := range slices.Sorted(maps.Keys(s.used[path])) {
		arguments, use := "", ""
		if s.used[path][name] == generic {
			arguments, use = "[T any]", "[T]"
		}
		fmt.Fprintf(&text, stubType, name, arguments, use)
	}
	return text.String()
}

// missing returns the import paths that cannot be had without downloading.
func (b *bench) missing(ctx context.Context, s stubs) ([]string, error) {
	var paths []string
	for _, path := range slices.Sorted(maps.Keys(s.used)) {
		if !strings.HasPrefix(path, siloModule) && !strings.HasPrefix(path, moduleName) {
			paths = append(paths, path)
		}
	}
	if len(paths) == 0 {
		return nil, nil
	}
	out, err := b.goCommand(ctx, append([]string{"list", "-e", "-json=ImportPath,Error,Incomplete"}, paths...)...)
	if err != nil {
		return nil, err
	}
	var missing []string
	decoder := json.NewDecoder(strings.NewReader(out.stdout))
	for decoder.More() {
		var pkg struct {
			ImportPath string
			Error      *struct{ Err string }
			Incomplete bool
		}
		if err := decoder.Decode(&pkg); err != nil {
			return nil, fmt.Errorf("go list: %w: %s", err, firstLine(out.stderr))
		}
		if pkg.Error != nil || pkg.Incomplete {
			missing = append(missing, pkg.ImportPath)
		}
	}
	return missing, nil
}

// writeStubs writes a module for each package that is missing.
func (b *bench) writeStubs(ctx context.Context) error {
	files, err := filepath.Glob(filepath.Join(escape(b.Keep), "u*", "gen", "*.go"))
	if err != nil {
		return err
	}
	s, err := readStubs(files)
	if err != nil {
		return err
	}
	if err := b.writeModule(nil); err != nil {
		return err
	}
	missing, err := b.missing(ctx, s)
	if err != nil {
		return err
	}
	texts := map[string]string{}
	for _, path := range missing {
		texts["stubs/"+path+"/go.mod"] = fmt.Sprintf("module %s\n\ngo 1.26\n", path)
		texts["stubs/"+path+"/stub.go"] = s.source(path)
	}
	if err := writeFiles(b.Keep, texts); err != nil {
		return err
	}
	return b.writeModule(missing)
}
