package codegen

import (
	"os"
	"strings"
	"testing"

	"github.com/silokit/silo/cmd/internal/codegen/config"
)

func TestTheCatalogsTablesAreStagedBehindTheMigrationsOfGlobalBlocksOnly(t *testing.T) {
	for kind, want := range map[string]bool{config.Global: true, config.Tenant: false, config.Catalog: false} {
		b := &block{Block: config.Block{Kind: kind}, migrations: []migration{{source: source{path: "1_a.sql", text: "CREATE TABLE a (b);\n"}}}}
		s, err := newStage([]*block{b}, []map[int]bool{nil})
		if err != nil {
			t.Fatal(err)
		}
		entries, err := os.ReadDir(s.path(0, "schema"))
		if err != nil {
			t.Fatal(err)
		}
		var texts []string
		for _, entry := range entries {
			text, err := os.ReadFile(s.path(0, "schema", entry.Name()))
			if err != nil {
				t.Fatal(err)
			}
			texts = append(texts, string(text))
		}
		all := strings.Join(texts, "")
		if !strings.HasPrefix(all, "CREATE TABLE a") || strings.Contains(all, "CREATE TABLE silo_tenants") != want || strings.Contains(all, "DROP TABLE") {
			t.Errorf("for kind %s it is %q", kind, all)
		}
		if err := s.remove(); err != nil {
			t.Error(err)
		}
	}
}
