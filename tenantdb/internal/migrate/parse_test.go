package migrate

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/pressly/goose/v3"
)

// recorder is a driver that notes the texts which goose runs and runs none.
type recorder struct{ texts []string }

func (r *recorder) Connect(context.Context) (driver.Conn, error) { return r, nil }
func (r *recorder) Driver() driver.Driver                        { return gooseDriver{} }
func (r *recorder) Prepare(string) (driver.Stmt, error)          { return nil, driver.ErrBadConn }
func (r *recorder) Close() error                                 { return nil }
func (r *recorder) Begin() (driver.Tx, error)                    { return r, nil }
func (r *recorder) Commit() error                                { return nil }
func (r *recorder) Rollback() error                              { return nil }
func (r *recorder) ExecContext(_ context.Context, text string, _ []driver.NamedValue) (driver.Result, error) {
	r.texts = append(r.texts, text)
	return driver.RowsAffected(0), nil
}

// asGooseReads returns the texts that goose runs of the migration's Up.
func asGooseReads(t *testing.T, text string) ([]string, error) {
	t.Helper()
	var r recorder
	db := sql.OpenDB(&r)
	defer db.Close()
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, fstest.MapFS{"1_a.sql": {Data: []byte(text)}},
		goose.WithDisableGlobalRegistry(true), goose.WithDisableVersioning(true))
	if err != nil {
		return nil, err
	}
	_, err = provider.Up(t.Context())
	return r.texts, err
}

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
		texts, err := asGooseReads(t, text)
		if err != nil {
			t.Fatalf("goose refuses what was accepted: %v", err)
		}
		// Of a text of nothing but white space goose runs nothing worth a line.
		texts = slices.DeleteFunc(texts, func(s string) bool { return s == "" })
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
