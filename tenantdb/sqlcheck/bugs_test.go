package sqlcheck_test

import "testing"

// https://www.sqlite.org/lang_createtable.html#rowids_and_the_integer_primary_key:
// a column declared INTEGER PRIMARY KEY DESC is not the rowid, and may be NULL.
func TestAnIntegerPrimaryKeyThatIsNotTheRowidIsNullable(t *testing.T) {
	db := open(t, "CREATE TABLE d (k INTEGER PRIMARY KEY DESC);\nINSERT INTO d VALUES (NULL);\n")
	if got := columns(describe(t, db, "SELECT k FROM d")); got != "k INTEGER d.k" {
		t.Error(got)
	}
}
