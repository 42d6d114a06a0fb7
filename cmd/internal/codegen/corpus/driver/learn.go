package driver

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// knowledge is what a filled database holds, by the names of columns and tables: an
// argument that is called like a column is likely to be a value of it.
type knowledge struct {
	columns map[string]values
	rows    map[string][]map[string]values
}

// learn reads the tables.
func (p *pool) learn(ctx context.Context, db *sql.DB, tables []*table) error {
	for _, t := range tables {
		p.texts = append(p.texts, t.literals()...)
		var names, selected []string
		for _, c := range t.columns {
			names, selected = append(names, normal(c.name)), append(selected, "+"+quoteName(c.name))
		}
		if t.virtual || len(names) == 0 {
			continue
		}
		rows, err := queryRows(ctx, db, fmt.Sprintf("SELECT %s FROM %s LIMIT 12", strings.Join(selected, ", "), quoteName(t.name)))
		if err != nil {
			return err
		}
		for _, row := range rows {
			known := map[string]values{}
			for i, value := range row {
				var single values
				single.remember(value)
				p.remember(value)
				all := p.known.columns[names[i]]
				all.remember(value)
				known[names[i]], p.known.columns[names[i]] = single, all
			}
			name := strings.ToLower(t.name)
			p.known.rows[name] = append(p.known.rows[name], known)
		}
	}
	return nil
}

func (v *values) remember(value any) {
	switch value := value.(type) {
	case int64:
		v.ints = append(v.ints, value)
	case float64:
		v.floats = append(v.floats, value)
	case []byte:
		v.blobs = append(v.blobs, append([]byte{}, value...)) // x'' is nil to the driver, which would be NULL
	case string:
		v.texts = append(v.texts, value)
		if at, err := time.Parse(timeLayout, value); err == nil {
			v.times = append(v.times, at)
		}
	}
}

// aim picks a row of a table that a statement mentions: its arguments will likely be
// values of that row.
func (p *pool) aim(tables []*table, s Statement) {
	var rows []map[string]values
	for _, t := range tables {
		if name := strings.ToLower(t.name); s.mentions(name) {
			rows = append(rows, p.known.rows[name]...)
		}
	}
	p.row = nil
	if len(rows) > 0 {
		p.row = pick(p, rows)
	}
}

var comparedColumn = regexp.MustCompile(`(?i)([a-z_][a-z0-9_]*)["\x60\]]?\s*(?:=|<=?|>=?|<>|!=|\bis\b|\blike\b|\bin\s*\()\s*$`)

// hints returns the likely column of each parameter: of its own name, or the one before
// it in the text.
func (s Statement) hints() []string {
	names := make([]string, len(s.Params))
	for i, part := range s.Parts {
		if part.Param == 0 {
			continue
		}
		name := s.Params[part.Param-1].Name
		if i > 0 && names[part.Param-1] == "" {
			if match := comparedColumn.FindStringSubmatch(s.Parts[i-1].Text); match != nil {
				name = match[1]
			}
		}
		if names[part.Param-1] == "" {
			names[part.Param-1] = normal(name)
		}
	}
	return names
}

// approach makes values of a column likely for the next argument.
func (p *pool) approach(column string) {
	p.near = values{}
	if of, ok := p.row[column]; ok && p.chance(75) {
		p.near = of
	} else if of, ok := p.known.columns[column]; ok {
		p.near = of
	}
}
