package migrate

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// A migration may edit the text of the schema, which is SQLite's way to change a
// constraint without making the table anew
// (https://www.sqlite.org/lang_altertable.html#otheralter). SQLite looks after nothing
// then: an index would go on in an order that its text no longer says, and rows would be
// read as what they are not. So nothing but the text of tables may differ in the end, and
// of that only what is checked against the rows: CHECK, NOT NULL and foreign keys.

// edit is what is known of the migration under way if it may edit the schema's text.
type edit struct {
	before []string // the schema's shape before that; nil: it does not edit
}

// begin prepares for text of a migration that may edit the schema's text. Where it only
// mentions the pragma, the check at the end finds nothing changed.
func (e *edit) begin(conn *sqlite.Conn, text string) error {
	if e.before != nil || !strings.Contains(strings.ToLower(text), "writable_schema") {
		return nil
	}
	before, err := shape(conn)
	if err != nil {
		return err
	}
	if err := conn.Exec("SAVEPOINT edit"); err != nil {
		return err
	}
	e.before = before
	return conn.EditSchema()
}

// end ends the migration, before it is recorded as run.
func (e *edit) end(conn *sqlite.Conn) error {
	before := e.before
	*e = edit{}
	if before == nil {
		return nil
	}
	if err := errors.Join(conn.Exec("RELEASE edit"), conn.CountSchema(), conn.SealSchema()); err != nil {
		return err
	}
	after, err := shape(conn)
	if err != nil {
		return misread(err)
	}
	if change := firstChange(before, after); change != "" {
		return fmt.Errorf("with writable_schema it changes %s: nothing but CHECK, NOT NULL and REFERENCES of tables can be changed so, in a migration of its own; make the table anew, or use CREATE, ALTER and DROP in another migration", change)
	}
	return misread(conn.IntegrityCheck())
}

// leave is end for a migration that has failed: what it made of the schema cannot be read,
// perhaps, and is undone before SQLite reads it.
func (e *edit) leave(conn *sqlite.Conn) (err error) {
	edited := e.before != nil
	*e = edit{}
	if !edited {
		return nil
	}
	if conn.InTransaction() { // else the error at hand has ended it
		err = errors.Join(conn.Exec("ROLLBACK TO edit"), conn.Exec("RELEASE edit"))
	}
	return errors.Join(err, conn.SealSchema())
}

// misread takes from err that the file is corrupt: it is what the migration wrote into it
// that cannot be read, and will be rolled back.
func misread(err error) error {
	var of *sqlite.Error
	if errors.As(err, &of) && of.Code&0xff == sqlCorrupt {
		return errors.New(of.Message)
	}
	return err
}

// sqlCorrupt is SQLITE_CORRUPT (https://www.sqlite.org/rescode.html#corrupt).
const sqlCorrupt = 11

// firstChange returns the name of what differs first, or "".
func firstChange(before, after []string) string {
	for i := range max(len(before), len(after)) {
		switch {
		case i >= len(before):
			return name(after[i])
		case i >= len(after):
			return name(before[i])
		case before[i] != after[i]:
			return min(name(before[i]), name(after[i])) // the other stands below, in both
		}
	}
	return ""
}

// name is what a line of a shape is about.
func name(line string) string {
	name, _, _ := strings.Cut(line, "\x00")
	return name
}

// shape returns all of the schema but what an edit of its text may change. Each line
// begins with the name of what it is about. Of tables whose columns are computed the text
// is part of it, for the rest does not say how.
func shape(conn *sqlite.Conn) (lines []string, err error) {
	const column = 3 // the kind of a column's line, to which its collation is added
	var collations error
	err = conn.EachOnce(`WITH
		t AS MATERIALIZED (SELECT l.name, l.type, l.ncol, l.wr, l.strict FROM pragma_table_list l WHERE l.schema = 'main'),
		x AS MATERIALIZED (SELECT t.name AS "table", x.* FROM t, pragma_table_xinfo(t.name) x WHERE t.type = 'table'),
		i AS MATERIALIZED (SELECT t.name AS "table", i.* FROM t, pragma_index_list(t.name) i WHERE t.type = 'table'),
		lines AS (
			SELECT s.name AS about, 1 AS kind, s.rowid AS a, 0 AS b, json_array(s.type, s.tbl_name, s.rootpage) AS line, s.sql AS sql,
				s.type = 'table' AND s.name NOT LIKE 'silo\_%' ESCAPE '\' AND s.name <> 'goose_db_version'
					AND s.name NOT IN (SELECT name FROM t WHERE type <> 'table') AND s.name NOT IN (SELECT "table" FROM x WHERE hidden > 1) AS editable
			FROM sqlite_schema s
			UNION ALL SELECT name, 2, 0, 0, json_array(type, ncol, wr, strict), '', 0 FROM t WHERE name NOT LIKE 'sqlite\_%' ESCAPE '\'
			UNION ALL SELECT "table", 3, cid, 0, json_array(name, type, dflt_value, pk, hidden), name, 0 FROM x
			UNION ALL SELECT i."table", 4, i.seq, c.seqno, json_array(i.name, i."unique", i.origin, i.partial, c.cid, c.name, c.desc, c.coll, c.key), '', 0
				FROM i, pragma_index_xinfo(i.name) c)
		SELECT about, kind, a, b, line, sql, editable FROM lines ORDER BY about, kind, a, b`, func(row *sqlite.Stmt) {
		sql := row.ColumnText(5)
		switch {
		case row.ColumnInt(6) != 0:
			sql = ways(sql)
		case row.ColumnInt(1) == column:
			collation, err := conn.Collation(row.ColumnText(0), sql)
			collations, sql = errors.Join(collations, err), collation
		}
		lines = append(lines, fmt.Sprintf("%s\x00%d %d %d %s %s", row.ColumnText(0), row.ColumnInt(1), row.ColumnInt(2), row.ColumnInt(3), row.ColumnText(4), sql))
	})
	return slices.Clip(lines), errors.Join(err, collations)
}

// ways returns what the text of a table says, in its order, of what it is and of what a
// conflict does: no condition that rows could be against, and in no other line of the shape.
func ways(sql string) string {
	sql = strings.ToUpper(normalise(sql))
	head, _, _ := strings.Cut(sql, "(")
	found := []string{head}
	words := strings.FieldsFunc(sql, func(r rune) bool { return strings.ContainsRune(" ,()", r) })
	for i, word := range words {
		switch {
		case word == "AUTOINCREMENT":
			found = append(found, word)
		case word == "CONFLICT" && i+1 < len(words):
			found = append(found, word, words[i+1])
		}
	}
	return strings.Join(found, " ")
}
