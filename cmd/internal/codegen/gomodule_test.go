package codegen

import (
	"os"
	"path/filepath"
	"testing"
)

func TestPackagesOfModulesThatGoModDoesNotNameAreOutOfReach(t *testing.T) {
	root := t.TempDir()
	const text = `module example.com/app
go 1.26
require example.com/used v1.0.0
replace example.com/beside => ../beside
`
	if err := os.WriteFile(filepath.Join(root, "go.mod"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	m, ok := goModuleOf(filepath.Join(root, "not", "there", "yet"))
	if !ok || m.path != "example.com/app" {
		t.Fatalf("the module is %v, %v", m, ok)
	}
	for importPath, want := range map[string]bool{
		"example.com/used": true, "example.com/used/schema": true, "example.com/beside/schema": true,
		"example.com/use": false, "example.com/application/schema": false, "example.com/nowhere": false,
	} {
		if got := m.reaches(importPath); got != want {
			t.Errorf("%s is within reach: %v, want %v", importPath, got, want)
		}
		if _, own := m.folder(importPath); own {
			t.Errorf("%s is taken for a package of the module itself", importPath)
		}
	}
	if dir, ok := m.folder("example.com/app/schema"); !ok || dir != filepath.Join(root, "schema") {
		t.Errorf("a package of the module itself is in %s, %v", dir, ok)
	}
	if err := os.WriteFile(filepath.Join(root, "go.work"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if !m.reaches("example.com/nowhere") {
		t.Error("in a workspace, go.mod alone cannot tell")
	}
}
