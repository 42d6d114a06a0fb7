package advice_test

import (
	"os"
	"testing"

	"github.com/silokit/silo/cmd/internal/codegen/advice"
)

// Advice that nobody has time to read is none: of the reference application's forty
// queries a handful is told, and of its migrations nothing.
func TestTheReferenceApplicationIsToldLittle(t *testing.T) {
	const handful = 5
	root := os.DirFS("../../../..")
	var told []advice.Finding
	for _, name := range []string{"tenant", "global"} {
		migrations := read(t, root, "schema/"+name+"/*.sql")
		schema := schemaOf(t, migrations)
		if found := schema.Findings(); len(found) > 0 {
			t.Errorf("of migrations:\n%s", say(found))
		}
		db := migrate(t, asFS(migrations))
		var planned []advice.Planned
		for _, file := range read(t, root, "queries/"+name+"/*.sql") {
			planned = append(planned, plan(t, db, file.Path, file.Text)...)
		}
		told = append(told, schema.Queries(planned)...)
	}
	if len(told) > handful {
		t.Errorf("of queries:\n%s", say(told))
	}
}
