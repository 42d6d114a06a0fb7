package sqlcheck

import (
	"fmt"
	"strings"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// ColumnRule is what a schema says of a column beside its type: by constraints of that column alone, and by indexes.
type ColumnRule struct {
	Unique   bool   // no two rows have the same value, by an index of all rows; that it is the primary key does not count
	Indexed  bool   // rows are found by it: it is the first column of an index of all rows
	Parent   string // the table that it refers to; empty: none
	Key      string // the column there
	OnDelete string // what becomes of a row whose parent goes: NO ACTION, CASCADE …
}

// Rules returns what the schema says of the columns of a table of which it says something, by their names in lower case.
func (db *DB) Rules(table string) (map[string]ColumnRule, error) {
	rules := map[string]ColumnRule{}
	name := literal(table)
	each := func(sql string, change func(rule *ColumnRule, row *sqlite.Stmt)) error {
		return db.conn.Query(sql, func(row *sqlite.Stmt) {
			column := strings.ToLower(row.ColumnText(0))
			rule := rules[column]
			change(&rule, row)
			rules[column] = rule
		})
	}
	err := each(`SELECT x.name FROM pragma_index_list(`+name+`) i, pragma_index_info(i.name) x
		WHERE x.seqno = 0 AND NOT i.partial AND x.name IS NOT NULL`, func(rule *ColumnRule, _ *sqlite.Stmt) { rule.Indexed = true })
	if err == nil {
		err = each(`SELECT max(x.name) FROM pragma_index_list(`+name+`) i, pragma_index_info(i.name) x
			WHERE i."unique" AND NOT i.partial AND i.origin <> 'pk' GROUP BY i.name HAVING count(*) = 1 AND max(x.name) IS NOT NULL`,
			func(rule *ColumnRule, _ *sqlite.Stmt) { rule.Unique = true })
	}
	if err == nil {
		err = each(`SELECT max(f."from"), f."table", coalesce(f."to", (SELECT name FROM pragma_table_info(f."table") WHERE pk = 1)), f.on_delete
			FROM pragma_foreign_key_list(`+name+`) f GROUP BY f.id HAVING count(*) = 1`, func(rule *ColumnRule, row *sqlite.Stmt) {
			rule.Parent, rule.Key, rule.OnDelete = row.ColumnText(1), row.ColumnText(2), row.ColumnText(3)
		})
	}
	if err != nil {
		return nil, fmt.Errorf("sqlcheck: what the schema says of the columns of %s: %w", table, err)
	}
	return rules, nil
}
