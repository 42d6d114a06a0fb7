package codegen

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/config"
	"github.com/silokit/silo/cmd/internal/codegen/infer"
	"github.com/silokit/silo/cmd/internal/codegen/problem"
)

// unfit is a type under overrides that no value of SQLite fits into by its kind, so that
// methods of its own have to read and write it.
type unfit struct {
	What   string // a struct
	Place  string // where it is declared
	Reads  bool   // it has a method that takes a value
	Writes bool   // it has a method that makes one
}

// typeKey is what a type is called in block.unfit.
func typeKey(t config.GoType) string { return t.Import + "." + t.Name }

// findUnfit looks at the declarations of the types under overrides. It says nothing of
// what it cannot know: types of other modules, and those in packages that do not parse at
// the moment.
func (b *block) findUnfit(root string) {
	mod, ok := goModuleOf(filepath.Join(root, filepath.FromSlash(b.Out)))
	if !ok {
		return
	}
	packages := map[string]*declarations{}
	for _, o := range b.Options.Overrides {
		t := o.GoType
		dir, own := mod.folder(t.Import)
		if !own || t.Slice || !token.IsIdentifier(t.Name) {
			continue
		}
		if packages[t.Import] == nil {
			packages[t.Import] = declarationsIn(dir, displayed(root, dir))
		}
		if u, ok := packages[t.Import].unfit(t.Name); ok {
			b.unfit[typeKey(t)] = u
		}
	}
}

// declarations are the types and methods of a package.
type declarations struct {
	types   map[string][]declaredType // more than one where build constraints choose
	methods map[string][]string       // by their receiver's type
}

type declaredType struct {
	spec  *ast.TypeSpec
	place string
}

// declarationsIn reads the package in a folder, called shown in messages. There is nothing
// in it when a file does not parse.
func declarationsIn(dir, shown string) *declarations {
	found := &declarations{types: map[string][]declaredType{}, methods: map[string][]string{}}
	names, _ := filepath.Glob(filepath.Join(dir, "*.go"))
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		files := token.NewFileSet()
		text, err := os.ReadFile(name)
		if err != nil {
			return &declarations{}
		}
		parsed, err := parser.ParseFile(files, name, text, parser.SkipObjectResolution)
		if err != nil {
			return &declarations{}
		}
		for _, declaration := range parsed.Decls {
			switch declaration := declaration.(type) {
			case *ast.GenDecl:
				for _, spec := range declaration.Specs {
					if spec, ok := spec.(*ast.TypeSpec); ok {
						place := fmt.Sprintf("%s/%s:%d", shown, filepath.Base(name), files.Position(spec.Pos()).Line)
						found.types[spec.Name.Name] = append(found.types[spec.Name.Name], declaredType{spec, place})
					}
				}
			case *ast.FuncDecl:
				if receiver := receiverOf(declaration); receiver != "" {
					found.methods[receiver] = append(found.methods[receiver], declaration.Name.Name)
				}
			}
		}
	}
	return found
}

// receiverOf returns the type that a method is of, or "" for a function.
func receiverOf(f *ast.FuncDecl) string {
	if f.Recv == nil || len(f.Recv.List) != 1 {
		return ""
	}
	of := f.Recv.List[0].Type
	if pointer, ok := of.(*ast.StarExpr); ok {
		of = pointer.X
	}
	if name, ok := of.(*ast.Ident); ok {
		return name.Name
	}
	return "" // of a generic type
}

// unfit returns what is known of a type. ok is false when its kind is one of SQLite's, or
// not known.
func (d *declarations) unfit(name string) (u unfit, ok bool) {
	for _, declared := range d.types[name] {
		if declared.spec.TypeParams != nil || declared.spec.Assign.IsValid() {
			return unfit{}, false
		}
		what := d.kind(declared.spec.Type, len(d.types))
		if what == "" {
			return unfit{}, false
		}
		u.What, u.Place = what, declared.place
	}
	has := func(methods ...string) bool {
		return slices.ContainsFunc(methods, func(m string) bool { return slices.Contains(d.methods[name], m) })
	}
	u.Reads, u.Writes = has("Scan", "UnmarshalText"), has("Value", "MarshalText")
	return u, u.What != ""
}

// kind names the kind of a type that no value of SQLite is of. It is empty when one may be,
// and where a method may come from elsewhere. depth is how many names it looks behind.
func (d *declarations) kind(of ast.Expr, depth int) string {
	switch of := of.(type) {
	case *ast.StructType:
		if slices.ContainsFunc(of.Fields.List, func(f *ast.Field) bool { return len(f.Names) == 0 }) {
			return "" // what it embeds may have the methods
		}
		return "a struct"
	case *ast.MapType:
		return "a map"
	case *ast.FuncType:
		return "a function"
	case *ast.ChanType:
		return "a channel"
	case *ast.ArrayType:
		if of.Len != nil {
			return "an array"
		}
		switch of.Elt.(type) {
		case *ast.StructType, *ast.MapType, *ast.ArrayType, *ast.StarExpr:
			return "a slice"
		}
	case *ast.Ident:
		if others := d.types[of.Name]; len(others) == 1 && depth > 0 && others[0].spec.TypeParams == nil {
			return d.kind(others[0].spec.Type, depth-1)
		}
	}
	return ""
}

// use is what a query does with a column's values.
type use string

const (
	toRead  use = "read"
	toWrite use = "write"
)

// fits refuses a type that the author chose for a column, and that a query could not read
// or write at run time: once for each type.
func (b *builder) fits(q *checked, column infer.Column, is use) {
	o := b.override(column)
	if o == nil {
		return
	}
	u, ok := b.unfit[typeKey(o.GoType)]
	if !ok || is == toWrite && u.Writes || is == toRead && u.Reads {
		return
	}
	with := "Scan method (see database/sql.Scanner), or UnmarshalText"
	if is == toWrite {
		with = "Value method (see database/sql/driver.Valuer), or MarshalText"
	}
	said := typeKey(o.GoType) + string(is)
	if b.saidUnfit[said] {
		return
	}
	b.saidUnfit[said] = true
	b.problems.Put(problem.Problem{
		File: b.config, Line: o.Line, Queries: []string{q.text.Name},
		Message: fmt.Sprintf("go_type: %s is %s (%s), as which query %s cannot %s %s.%s: give it a %s, or choose another type",
			o.GoType.Name, u.What, u.Place, q.text.Name, is, column.Source.Table, column.Source.Column, with),
	})
}
