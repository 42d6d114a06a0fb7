package scaffold

import (
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
