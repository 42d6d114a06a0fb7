package migrate

import (
	"strings"
	"testing"
	"testing/fstest"
)

// What the runtime says of a migration, it says of what goose will run: there are as
// many texts and each begins on the line noted.
func FuzzAMigrationIsReadAsGooseReadsIt(f *testing.F) {
	for _, text := range []string{
		"-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 2;\n",
		"\n-- A comment.\n-- +goose Up\r\nCREATE TABLE a (\r\n\tx -- why;\r\n);\r\n",
		"-- +goose Up\n-- +goose StatementBegin\nSELECT 1;\n\nSELECT 2;\n-- +goose StatementEnd\nSELECT 3; SELECT 4;\n-- +goose Down\n",
		"-- +goose Up\nSELECT ';\n', 1; -- end\nSELECT 2 ;\n  \n",
		"-- +goose Up\n/* a;\n b */ SELECT 1;\n",
		"-- +goose Up\n-- +goose StatementBegin\n-- +goose StatementEnd\n-- +goose Down\n-- +goose StatementBegin\nx\n-- +goose StatementEnd",
		"-- +goose Up\nSELECT 1;\n\t\n;\n",
		"-- +goose Down\n", "-- +goose Up\n-- +goose Up\n", "--+goose Up", "-- +goose Up +goose", "SELECT 1;\n-- +goose Up\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, err := parse("1_a.sql", text)
		if err != nil {
			return
		}
		set := &Set{Migrations: []Migration{m}}
		if err := set.read(fstest.MapFS{m.Name: {Data: []byte(text)}}); err != nil {
			t.Fatalf("goose refuses what was accepted: %v", err)
		}
		texts := set.Migrations[0].up
		if len(texts) != len(m.units) {
			t.Fatalf("goose runs %q, there are lines for %d", texts, len(m.units))
		}
		lines := strings.Split(text, "\n")
		for i, run := range texts {
			first, _, _ := strings.Cut(run, "\n")
			if line := strings.TrimSpace(lines[m.units[i]-1]); line != strings.TrimSpace(first) {
				t.Errorf("goose runs %q, said to be on line %d, which is %q", run, m.units[i], line)
			}
		}
	})
}
