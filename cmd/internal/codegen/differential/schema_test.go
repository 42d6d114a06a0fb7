package differential

import (
	"fmt"
	"strings"

	"pgregory.net/rapid"
)

// table is a table or a view.
type table struct {
	name    string
	columns []column
	key     []string // the columns of its primary key
	view    bool
	strict  bool
}

// schema is what the migrations of a project make.
type schema struct {
	tables []*table
	names  names
	up     []string // statements
	later  []string // statements of a second migration
}

// drawSchema draws up to four tables, and sometimes a view and a trigger.
func drawSchema(t *rapid.T) *schema {
	d := &drawer{t}
	s := &schema{names: names{}}
	for range 1 + d.index(4) {
		s.addTable(d)
	}
	if d.oneIn(2) {
		s.addView(d)
	}
	if d.oneIn(3) {
		s.addTrigger(d)
	}
	return s
}

// bases returns the tables that rows can be written to.
func (s *schema) bases() []*table {
	var all []*table
	for _, t := range s.tables {
		if !t.view {
			all = append(all, t)
		}
	}
	return all
}

// tableDrawing is a table while it is drawn.
type tableDrawing struct {
	*drawer
	*table
	schema *schema
	names  names
	parts  []string // between the parentheses
}

func (s *schema) addTable(d *drawer) {
	t := tableDrawing{drawer: d, table: &table{name: s.names.take(d.T, tableNames)}, schema: s, names: names{}}
	t.strict = d.oneIn(6)
	ending := t.drawKey()
	for range 1 + d.index(5) {
		t.addColumn()
	}
	t.addReference()
	if d.oneIn(4) {
		t.addGenerated()
	}
	t.addConstraints()
	if t.strict {
		ending = append(ending, "STRICT")
	}
	s.up = append(s.up, fmt.Sprintf("-- silo: small\nCREATE TABLE %s (\n    %s\n)%s;",
		d.identifier(t.name), strings.Join(t.parts, ",\n    "), strings.TrimRight(" "+strings.Join(ending, ", "), " ")))
	if d.oneIn(4) {
		t.addLater()
	}
	s.tables = append(s.tables, t.table)
}

// put adds a column to the table.
func (t *tableDrawing) put(c column, definition string) {
	t.columns = append(t.columns, c)
	t.parts = append(t.parts, t.identifier(c.name)+" "+definition)
}

// drawKey draws the primary key, and returns the options that hang on it.
func (t *tableDrawing) drawKey() []string {
	declare := func(k kind) string { return t.declare(k) }
	without := func() []string {
		if t.oneIn(3) {
			return []string{"WITHOUT ROWID"}
		}
		return nil
	}
	name := t.pick("id", "key", "ID", "Schlüssel")
	t.names[strings.ToLower(name)] = true
	t.key = []string{name}
	c := column{name: name, kind: integer, notNull: true, unique: true}
	switch t.index(7) {
	case 0:
		c.omissible = true
		t.put(c, "INTEGER PRIMARY KEY")
	case 1:
		c.omissible = true
		t.put(c, "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT")
	case 2:
		c.kind = text
		t.put(c, declare(text)+" NOT NULL PRIMARY KEY")
		return without()
	case 3:
		other := column{name: t.names.take(t.T, columnNames), kind: text, notNull: true}
		c.unique = false
		t.put(c, declare(integer)+" NOT NULL")
		t.put(other, declare(text)+" NOT NULL")
		t.parts = append(t.parts, fmt.Sprintf("PRIMARY KEY (%s, %s)", t.identifier(name), t.identifier(other.name)))
		t.key = append(t.key, other.name)
		return without()
	case 4:
		c.kind = text
		t.put(c, declare(text)+" PRIMARY KEY")
	case 5:
		t.put(c, t.pick("INT", "BIGINT")+" NOT NULL PRIMARY KEY")
		if t.strict {
			t.parts[len(t.parts)-1] = t.identifier(name) + " INT NOT NULL PRIMARY KEY"
		}
		return without()
	default:
		t.key = nil
		c.unique = false
		t.put(c, declare(integer)+" NOT NULL")
	}
	return nil
}

// declare draws a declared type for a kind.
func (t *tableDrawing) declare(k kind) string {
	if t.strict {
		return strict[k]
	}
	return t.pick(declarations[k]...)
}

// addColumn draws a column with its constraints.
func (t *tableDrawing) addColumn() {
	k := kinds[t.index(len(kinds))]
	c := column{name: t.names.take(t.T, columnNames), kind: k, omissible: true}
	definition := []string{t.declare(k)}
	if t.oneIn(2) {
		definition = append(definition, "NOT NULL")
		c.notNull, c.omissible = true, false
	}
	if t.oneIn(4) {
		definition = append(definition, "DEFAULT "+t.pick(literals[k]...))
		c.omissible = true
	}
	if t.oneIn(8) {
		definition = append(definition, "UNIQUE")
		c.unique = true
	}
	if k == text && t.oneIn(8) {
		definition = append(definition, "COLLATE NOCASE")
	}
	if t.oneIn(8) {
		definition = append(definition, fmt.Sprintf("CHECK (%s <> %s)", t.identifier(c.name), t.pick(literals[k]...)))
	}
	if t.strict {
		c.kind = stored(k)
	}
	t.put(c, strings.Join(definition, " "))
}

// stored is the kind that a STRICT table makes of one, which knows four types.
func stored(k kind) kind {
	switch k {
	case boolean:
		return integer
	case moment, day, document:
		return text
	case decimal:
		return real
	default:
		return k
	}
}

// addReference draws a foreign key on a table with a key of one column.
func (t *tableDrawing) addReference() {
	parents := t.schema.bases()
	if len(parents) == 0 || !t.oneIn(2) {
		return
	}
	parent := parents[t.index(len(parents))]
	if len(parent.key) != 1 {
		return
	}
	k := parent.columns[0].kind
	c := column{name: t.names.take(t.T, []string{"parent", "owner_id", "Besitzer"}), kind: k, omissible: true}
	t.put(c, fmt.Sprintf("%s REFERENCES %s (%s)%s", strict[k], t.identifier(parent.name), t.identifier(parent.key[0]),
		t.pick("", " ON DELETE CASCADE", " ON DELETE SET NULL", " ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED")))
}

// addGenerated draws a column that is computed of the last one.
func (t *tableDrawing) addGenerated() {
	of := t.columns[len(t.columns)-1]
	c := column{name: t.names.take(t.T, []string{"computed", "Länge"}), generated: true, omissible: true}
	var value string
	switch of.kind {
	case integer, real, decimal, boolean:
		c.kind, value = of.kind, fmt.Sprintf("coalesce(%s, 0)", t.identifier(of.name))
		if c.kind == boolean || c.kind == decimal {
			c.kind, value = integer, fmt.Sprintf("%s IS NULL", t.identifier(of.name))
		}
	default:
		c.kind, value = integer, fmt.Sprintf("length(%s)", t.identifier(of.name))
	}
	t.put(c, fmt.Sprintf("%s %s (%s) %s", strict[c.kind], t.pick("AS", "GENERATED ALWAYS AS"), value, t.pick("VIRTUAL", "STORED")))
}

// addConstraints draws constraints of the table, which stand behind its columns.
func (t *tableDrawing) addConstraints() {
	var columns, constraints []string
	for _, part := range t.parts {
		if strings.HasPrefix(part, "PRIMARY KEY (") {
			constraints = append(constraints, part)
		} else {
			columns = append(columns, part)
		}
	}
	if t.oneIn(8) && len(t.columns) > 2 {
		constraints = append(constraints, fmt.Sprintf("UNIQUE (%s, %s)", t.identifier(t.columns[0].name), t.identifier(t.columns[1].name)))
	}
	t.parts = append(columns, constraints...)
}

// addLater draws a column that a second migration adds.
func (t *tableDrawing) addLater() {
	k := kinds[t.index(5)]
	c := column{name: t.names.take(t.T, []string{"added", "später"}), kind: k, omissible: true}
	declared, ending := t.declare(k), ""
	if t.strict {
		c.kind = stored(k)
	}
	if t.oneIn(2) {
		c.notNull, ending = true, " NOT NULL DEFAULT "+literals[k][0]
		if c.kind == integer {
			ending = " NOT NULL DEFAULT 1"
		}
	}
	t.schema.later = append(t.schema.later, fmt.Sprintf("ALTER TABLE %s ADD COLUMN %s %s%s;", t.identifier(t.name), t.identifier(c.name), declared, ending))
	t.columns = append(t.columns, c)
}

// addView draws a view of a query without parameters.
func (s *schema) addView(d *drawer) {
	w := &writer{drawer: d, schema: s, inert: true, names: names{}}
	found := w.selection(nil, nil, 2, named)
	name := s.names.take(d.T, []string{"overview", "Übersicht", "all items"})
	s.later = append(s.later, fmt.Sprintf("CREATE VIEW %s AS %s;", d.identifier(name), found.text))
	for i := range found.columns {
		found.columns[i].unique = false
	}
	s.tables = append(s.tables, &table{name: name, columns: found.columns, view: true})
}

// addTrigger draws a trigger that writes down what happens to a table, or forbids it.
func (s *schema) addTrigger(d *drawer) {
	bases := s.bases()
	on := bases[d.index(len(bases))]
	log := s.names.take(d.T, []string{"log", "Protokoll"})
	s.later = append(s.later,
		fmt.Sprintf("-- silo: small\nCREATE TABLE %s (at INTEGER PRIMARY KEY, what TEXT NOT NULL);", log),
		fmt.Sprintf("CREATE TRIGGER noted AFTER %s ON %s BEGIN\n    INSERT INTO %s (what) VALUES ('done; so %s');\nEND;",
			d.pick("INSERT", "UPDATE", "DELETE"), d.identifier(on.name), log, d.pick("far", "it''s", "ü 🙂")))
	s.tables = append(s.tables, &table{name: log, key: []string{"at"}, columns: []column{
		{name: "at", kind: integer, notNull: true, omissible: true, unique: true}, {name: "what", kind: text, notNull: true},
	}})
	if d.oneIn(3) {
		s.later = append(s.later, fmt.Sprintf("CREATE TRIGGER forbidden BEFORE DELETE ON %s WHEN old.%s IS NULL BEGIN\n    SELECT RAISE(%s);\nEND;",
			d.identifier(on.name), d.identifier(on.columns[len(on.columns)-1].name), d.pick("ABORT, 'no; never'", "IGNORE")))
	}
}
