package grow

import (
	"strings"
	"testing"
)

func TestNamesOfTablesThatAreKeptAreRefused(t *testing.T) {
	for _, name := range []string{"sqlite_stat1", "silo_tenants", "goose_db_version"} {
		if err := checkTable(name); err == nil || !strings.Contains(err.Error(), "are kept") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{"silos", "sqlites", "geese", "a", "t1", "order_items", strings.Repeat("a", maxName)} {
		if err := checkTable(name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAProposedNameIsOneThatIsTaken(t *testing.T) {
	for wrong, want := range map[string]string{
		"DueDate": "due_date", "due-date": "due_date", "due date": "due_date", "dueDate.sql": "due_date", "_due__date_": "due_date",
		"HTTPServer": "httpserver", "v2Table": "v2_table", "add_due_date.sql": "add_due_date",
	} {
		if got := snake(wrong); got != want || checkName("migration", got) != nil {
			t.Errorf("snake(%q) is %q, want %q", wrong, got, want)
		}
	}
}
