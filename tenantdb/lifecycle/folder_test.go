package lifecycle_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/silokit/silo/tenantdb/lifecycle"
)

func TestAFolderListsByPrefix(t *testing.T) {
	parent := t.TempDir()
	folder := filepath.Join(parent, "backups")
	for _, name := range []string{"outside", "backups/acme/1.db", "backups/acme/1.json", "backups/acme-2/1.db", "backups/acme/old/1.db", "backups/top"} {
		path := filepath.Join(parent, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for prefix, want := range map[string][]string{
		"":            {"acme-2/1.db", "acme/1.db", "acme/1.json", "acme/old/1.db", "top"},
		"acme":        {"acme-2/1.db", "acme/1.db", "acme/1.json", "acme/old/1.db"},
		"acme/":       {"acme/1.db", "acme/1.json", "acme/old/1.db"},
		"acme/1.j":    {"acme/1.json"},
		"acme/o":      {"acme/old/1.db"},
		"acme/old/":   {"acme/old/1.db"},
		"globex/":     nil,
		"../":         nil,
		"../outside":  nil,
		"/":           nil,
		"acme/../":    nil,
		"acme//":      nil,
		"top/":        nil,
		"acme/1.db/x": nil,
	} {
		var got []string
		for object, err := range lifecycle.NewFolder(folder).List(t.Context(), prefix) {
			if err != nil {
				t.Errorf("%q: %v", prefix, err)
				continue
			}
			got = append(got, object.Name)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", prefix, got, want)
		}
	}
}
