package sqltext_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
	"github.com/silokit/silo/tenantdb/sqlcheck"
)

// keywords are all that SQLite has: https://www.sqlite.org/lang_keywords.html.
const keywords = `ABORT ACTION ADD AFTER ALL ALTER ALWAYS ANALYZE AND AS ASC ATTACH AUTOINCREMENT BEFORE BEGIN BETWEEN BY
CASCADE CASE CAST CHECK COLLATE COLUMN COMMIT CONFLICT CONSTRAINT CREATE CROSS CURRENT CURRENT_DATE CURRENT_TIME
CURRENT_TIMESTAMP DATABASE DEFAULT DEFERRABLE DEFERRED DELETE DESC DETACH DISTINCT DO DROP EACH ELSE END ESCAPE EXCEPT
EXCLUDE EXCLUSIVE EXISTS EXPLAIN FAIL FILTER FIRST FOLLOWING FOR FOREIGN FROM FULL GENERATED GLOB GROUP GROUPS HAVING IF
IGNORE IMMEDIATE IN INDEX INDEXED INITIALLY INNER INSERT INSTEAD INTERSECT INTO IS ISNULL JOIN KEY LAST LEFT LIKE LIMIT
MATCH MATERIALIZED NATURAL NO NOT NOTHING NOTNULL NULL NULLS OF OFFSET ON OR ORDER OTHERS OUTER OVER PARTITION PLAN
PRAGMA PRECEDING PRIMARY QUERY RAISE RANGE RECURSIVE REFERENCES REGEXP REINDEX RELEASE RENAME REPLACE RESTRICT RETURNING
RIGHT ROLLBACK ROW ROWS SAVEPOINT SELECT SET TABLE TEMP TEMPORARY THEN TIES TO TRANSACTION TRIGGER UNBOUNDED UNION
UNIQUE UPDATE USING VACUUM VALUES VIEW VIRTUAL WHEN WHERE WINDOW WITH WITHOUT`

func TestQuotedNamesAreNamesToSQLite(t *testing.T) {
	names := append(strings.Fields(strings.ToLower(keywords)), "a b", `a"b`, "1a", "größe", "", "plain", "TRUE", "rowid")
	var schema strings.Builder
	schema.WriteString("-- +goose Up\n")
	for i, name := range names {
		fmt.Fprintf(&schema, "CREATE TABLE t%d (%s TEXT);\nCREATE INDEX t%[1]d_by ON t%[1]d (%[3]s);\nCREATE TABLE %[2]s (x);\n",
			i, sqltext.Quoted(name), sqltext.Quote(name))
	}
	db, err := sqlcheck.Open(t.Context(), fstest.MapFS{"00001_t.sql": &fstest.MapFile{Data: []byte(schema.String())}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for i, name := range names {
		for _, query := range []string{"SELECT %[1]s FROM t%[2]d", "SELECT t%[2]d.%[1]s AS %[1]s FROM t%[2]d", "SELECT x FROM %[1]s", "SELECT 1, %[1]s FROM t%[2]d AS %[1]s"} {
			sql := fmt.Sprintf(query, sqltext.Quote(name), i)
			described, err := db.Describe(sql)
			if err != nil || strings.HasPrefix(query, "SELECT %") && described.Columns[0].Table == "" {
				t.Errorf("%s: %+v, %v", sql, described.Columns, err)
			}
		}
	}
}
