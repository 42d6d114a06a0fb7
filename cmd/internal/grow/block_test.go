package grow

import (
	"errors"
	"strings"
	"testing"

	"github.com/silokit/silo/cmd/internal/codegen/config"
)

func TestTheBlockIsTheOneThatIsNamedOrTheOnlyOneOrThatOfTenants(t *testing.T) {
	blocks := func(all ...config.Block) *Project { return &Project{Name: "sqlc.yaml", Blocks: all} }
	app, other := config.Block{Package: "app", Kind: config.Tenant}, config.Block{Package: "other", Kind: config.Tenant}
	global := config.Block{Package: "global", Kind: config.Global}
	for _, test := range []struct {
		name    string
		project *Project
		asked   string
		want    string // the package, or what the error says
	}{
		{"the only one", blocks(global), "", "global"},
		{"that of tenants", blocks(global, app), "", "app"},
		{"none of tenants", blocks(global, global), "", "name the package that it is for with --block: sqlc.yaml has global, global"},
		{"two of tenants", blocks(app, other), "", "name the package that it is for with --block: sqlc.yaml has app, other"},
		{"by name", blocks(app, other, global), "global", "global"},
		{"by a name that is there twice", blocks(app, app), "app", "--block app: more than one package of sqlc.yaml is called so"},
		{"by a name that is not there", blocks(app, global), "apps", "--block apps: sqlc.yaml has no such package, but app, global"},
	} {
		t.Run(test.name, func(t *testing.T) {
			block, err := test.project.Block(test.asked)
			got := block.Package
			if err != nil {
				got = err.Error()
			}
			var wrong *SpecError
			if got != test.want || err != nil && !errors.As(err, &wrong) {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

func TestNewFilesGoToTheOneFolderOfTheEntries(t *testing.T) {
	p := &Project{Name: "sqlc.yaml"}
	for _, test := range []struct {
		entries string
		want    string // the folder, or part of what the error says
	}{
		{"schema", "schema"},
		{"./schema/", "schema"},
		{"schema/*.sql", "schema"},
		{"schema/0000?_a.sql schema", "schema"},
		{"schema/[0-9]*.sql", "schema"},
		{"schema more", "has no one folder for new migrations, but schema, more: write them by hand"},
		{"*/schema/*.sql", "has no one folder for new migrations, but */schema/*.sql"},
		{"schema/00001_a.sql", "sqlc.yaml names the file schema/00001_a.sql, so new migrations beside it would not be read: name the folder"},
	} {
		folder, err := p.folderOf(strings.Fields(test.entries), "migrations")
		if err != nil {
			folder = err.Error()
		}
		if (err != nil) != strings.Contains(test.want, " ") || !strings.Contains(folder, test.want) {
			t.Errorf("of %s: %q, want %q", test.entries, folder, test.want)
		}
	}
}
