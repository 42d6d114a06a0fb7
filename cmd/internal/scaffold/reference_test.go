package scaffold

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/silokit/silo/templates"
)

func TestTheReferenceServiceIsWhatTheTemplatesMake(t *testing.T) {
	toolkit := checkout(t)
	files, err := Reference(templates.Service, toolkit)
	if err != nil {
		t.Fatal(err)
	}
	found := contents(t, filepath.Join(toolkit.Dir, filepath.FromSlash(ReferenceDir)))
	for _, file := range files {
		if text, ok := found[file.Path]; !ok || text != string(file.Contents) {
			t.Errorf("%s/%s is there: %t, and not what its template makes: run make generate", ReferenceDir, file.Path, ok)
		}
		delete(found, file.Path)
	}
	for name, text := range found {
		if text != "folder" && filepath.Dir(name) != "bin" && filepath.Dir(name) != "data" {
			t.Errorf("%s/%s has no template: run make generate", ReferenceDir, name)
		}
	}
}

func TestTheCopyOfGoModIsSilosOwn(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(checkout(t).Dir, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	if string(text) != string(templates.GoMod) {
		t.Error("templates/silo.mod.tmpl is not go.mod: run make generate")
	}
}

func TestServicesAreLintedAsSiloIs(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(checkout(t).Dir, "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	own := regexp.MustCompile(`golangci-lint@(\S+)`).FindSubmatch(text)
	if own == nil || string(own[1]) != toolVersions.GolangCILint {
		t.Errorf("Silo has golangci-lint %q, services %q", own, toolVersions.GolangCILint)
	}
}

// TestAToolsFileBecomesItsTemplateAgain makes templates of what a service has of the tools, as make generate
// does: they are those that the service was made of.
func TestAToolsFileBecomesItsTemplateAgain(t *testing.T) {
	s := notes(t)
	s.Module = "example.org/team/notes"
	made := 0
	for _, file := range mustRender(t, s) {
		if !IsGenerated(file.Path) && !IsModuleFile(file.Path) {
			continue
		}
		made++
		got := Template(file, s.Module, s.Toolkit)
		want, err := fs.ReadFile(templates.Service, common+"/"+got.Path)
		if err != nil {
			t.Error(err)
		} else if string(got.Contents) != string(want) {
			t.Errorf("of %s comes another template than %s", file.Path, got.Path)
		}
	}
	if made != 12 { // gen has 6, wire has 2, and there are 2 of each go.mod and go.sum
		t.Errorf("tools make %d files", made)
	}
}

func TestSilosSumsAreWhereTheyAreSorted(t *testing.T) {
	for sums, want := range map[string]string{
		"a.example/x v1 h1:=\nz.example/x v1 h1:=\n": "a.example/x v1 h1:=\nSUMS\nz.example/x v1 h1:=\n",
		"a.example/x v1 h1:=\n":                      "a.example/x v1 h1:=\nSUMS\n",
		"z.example/x v1 h1:=\nzz.example v1 h1:=\n":  "SUMS\nz.example/x v1 h1:=\nzz.example v1 h1:=\n",
	} {
		if got := withPlace(sums, "SUMS\n"); got != want {
			t.Errorf("of %q comes %q, want %q", sums, got, want)
		}
	}
}
