package scaffold

import (
	"bytes"
	"errors"
	"go/parser"
	"go/token"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"
)

func TestNamesAndModulesThatAreNoneAreRefused(t *testing.T) {
	for _, test := range []struct {
		what    string
		service Service
		want    error
	}{
		{"no name", Service{}, ErrName},
		{"upper case", Service{Name: "Notes"}, ErrName},
		{"a path", Service{Name: "../notes"}, ErrName},
		{"an absolute path", Service{Name: "/notes"}, ErrName},
		{"a drive", Service{Name: "c:notes"}, ErrName},
		{"a dot", Service{Name: "."}, ErrName},
		{"a hidden name", Service{Name: ".notes"}, ErrName},
		{"an option", Service{Name: "-notes"}, ErrName},
		{"a digit first", Service{Name: "1notes"}, ErrName},
		{"a hyphen last", Service{Name: "notes-"}, ErrName},
		{"two hyphens", Service{Name: "my--notes"}, ErrName},
		{"an underscore", Service{Name: "my_notes"}, ErrName},
		{"white space", Service{Name: "my notes"}, ErrName},
		{"a line end", Service{Name: "notes\n"}, ErrName},
		{"a quote", Service{Name: `notes"`}, ErrName},
		{"a command", Service{Name: "$(id)"}, ErrName},
		{"a template", Service{Name: "[[.Module]]"}, ErrName},
		{"not ASCII", Service{Name: "nötes"}, ErrName},
		{"32 bytes", Service{Name: strings.Repeat("a", 32)}, ErrName},
		{"the user that may do all", Service{Name: "root"}, ErrName},
		{"a device", Service{Name: "con"}, ErrName},
		{"Go's internal", Service{Name: "internal"}, ErrName},
		{"Go's testdata", Service{Name: "testdata"}, ErrName},
		{"a truth value of YAML", Service{Name: "on"}, ErrName},
		{"YAML's nothing", Service{Name: "null"}, ErrName},
		{"the user of a unit", Service{Name: "root"}, ErrName},

		{"a module without a domain", Service{Name: "notes", Module: "notes"}, ErrModule},
		{"of the standard library", Service{Name: "notes", Module: "net/http"}, ErrModule},
		{"a domain in upper case", Service{Name: "notes", Module: "Example.com/notes"}, ErrModule},
		{"a module above", Service{Name: "notes", Module: "example.com/../notes"}, ErrModule},
		{"an empty element", Service{Name: "notes", Module: "example.com//notes"}, ErrModule},
		{"a slash first", Service{Name: "notes", Module: "/example.com/notes"}, ErrModule},
		{"a slash last", Service{Name: "notes", Module: "example.com/notes/"}, ErrModule},
		{"a module with white space", Service{Name: "notes", Module: "example.com/my notes"}, ErrModule},
		{"a line of go.mod", Service{Name: "notes", Module: "example.com/notes\n\nreplace github.com/silokit/silo => /tmp"}, ErrModule},
		{"a quoted module", Service{Name: "notes", Module: `example.com/notes"`}, ErrModule},
		{"an import", Service{Name: "notes", Module: "example.com/notes\"\n\"os"}, ErrModule},
		{"a module not in ASCII", Service{Name: "notes", Module: "example.com/nötes"}, ErrModule},
		{"a device as an element", Service{Name: "notes", Module: "example.com/con"}, ErrModule},
		{"a hidden element", Service{Name: "notes", Module: "example.com/.git"}, ErrModule},
		{"vendor", Service{Name: "notes", Module: "example.com/vendor/notes"}, ErrModule},
		{"the first major version", Service{Name: "notes", Module: "example.com/notes/v1"}, ErrModule},
		{"a domain that is an option", Service{Name: "notes", Module: "-example.com/notes"}, ErrModule},
		{"Silo's own", Service{Name: "notes", Module: "github.com/silokit/silo"}, ErrModule},
		{"below Silo's own", Service{Name: "notes", Module: "github.com/silokit/silo/notes"}, ErrModule},
		{"one that is needed", Service{Name: "notes", Module: "github.com/spf13/cobra"}, ErrModule},

		{"an unknown resolver", Service{Name: "notes", Resolver: "cookie"}, ErrResolver},
		{"a resolver elsewhere", Service{Name: "notes", Resolver: "../common"}, ErrResolver},
		{"no toolkit", Service{Name: "notes"}, ErrToolkit},
	} {
		t.Run(test.what, func(t *testing.T) {
			if !errors.Is(test.want, ErrToolkit) {
				test.service.Toolkit = checkout(t)
			}
			files, err := Render(test.service)
			if !errors.Is(err, test.want) || len(files) > 0 {
				t.Errorf("%d files, %v; want none, and %v", len(files), err, test.want)
			}
		})
	}
}

func TestANameOfTheMostBytesIsTaken(t *testing.T) {
	if _, err := Render(Service{Name: strings.Repeat("a", maxName), Toolkit: checkout(t)}); err != nil {
		t.Error(err)
	}
}

func TestWhatIsNotSaidHasADefault(t *testing.T) {
	s, err := Service{Name: "my-notes", Toolkit: checkout(t)}.completed()
	if err != nil || s.Module != "example.com/my-notes" || s.Resolver != APIKey || s.Prefix() != "MY_NOTES_" {
		t.Errorf("%+v, %q, %v", s, s.Prefix(), err)
	}
}

// FuzzServices holds that whatever is asked for either is refused or is a module of that name,
// whose files are all within its folder, are Go where they say so, and have nothing of a template
// left in them.
func FuzzServices(f *testing.F) {
	f.Add("notes", "example.com/notes", "apikey")
	f.Add("z-9", "zz.example/a/B~c/v2", "jwt")
	f.Add("../notes", "example.com/../x", "header")
	f.Add("notes", "example.com/notes\n\nreplace x => /", "path")
	toolkit := checkout(f)
	f.Fuzz(func(t *testing.T, name, module, resolver string) {
		files, err := Render(Service{Name: name, Module: module, Resolver: Resolver(resolver), Toolkit: toolkit})
		if err != nil {
			return
		}
		for _, file := range files {
			if !filepath.IsLocal(filepath.FromSlash(file.Path)) || path.Clean(file.Path) != file.Path {
				t.Errorf("the path %q", file.Path)
			}
			if bytes.Contains(file.Contents, []byte("[[.")) {
				t.Errorf("%s has a template in it", file.Path)
			}
			if path.Ext(file.Path) == ".go" {
				if _, err := parser.ParseFile(token.NewFileSet(), file.Path, file.Contents, parser.ParseComments); err != nil {
					t.Error(err)
				}
			}
			if file.Path == "go.mod" {
				parsed, err := modfile.Parse(file.Path, file.Contents, nil)
				if err != nil || module != "" && parsed.Module.Mod.Path != module || len(parsed.Replace) != 1 {
					t.Errorf("go.mod of %q: %v\n%s", module, err, file.Contents)
				}
			}
		}
	})
}
