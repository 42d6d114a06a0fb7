package cli

import (
	"os"
	"path/filepath"
	"testing"
)

// Whether a run is told of the configuration or of the folder, it waits for others that add to the same project: of two at
// once no two get one number.
func TestMigrationsOfOneFolderAreWrittenUnderOneLock(t *testing.T) {
	root := t.TempDir()
	for name, text := range docsProject {
		file := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(root)
	for _, m := range []migration{{}, {growing: growing{config: "sqlc.yaml"}}, {schema: "schema"}, {schema: filepath.Join(root, "schema")}} {
		_, lockedBy, err := m.folder(newMigrationNew())
		if err != nil {
			t.Fatal(err)
		}
		if there, err := filepath.Abs(lockedBy); err != nil || there != filepath.Join(root, "sqlc.yaml") {
			t.Errorf("%+v is locked by %s, %v", m, there, err)
		}
	}
}
