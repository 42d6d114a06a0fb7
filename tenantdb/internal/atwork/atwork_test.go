package atwork_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/silokit/silo/tenantdb/internal/atwork"
)

func TestAFolderIsHeldUntilItsEnd(t *testing.T) {
	parent := t.TempDir()
	folder, end, err := atwork.Make(parent, "acme.")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // to ask ends nothing
		if !atwork.Held(folder) {
			t.Error("nobody works in it")
		}
	}
	if err := os.WriteFile(filepath.Join(folder, "copy.db"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := end(); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(parent); err != nil || len(left) != 0 {
		t.Errorf("left are %v, %v", left, err)
	}
}

func TestNobodyWorksInWhatIsNoSuchFolder(t *testing.T) {
	parent := t.TempDir()
	file, folder, odd := filepath.Join(parent, "file"), filepath.Join(parent, "folder"), filepath.Join(parent, "odd")
	for _, path := range []string{folder, filepath.Join(odd, "at-work.lock")} {
		if err := os.MkdirAll(path, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{file, folder, odd, filepath.Join(parent, "missing")} {
		if atwork.Held(path) {
			t.Errorf("somebody works in %s", path)
		}
	}
}
