package codegen

import (
	"slices"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/infer"
	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
	"github.com/silokit/silo/tenantdb/sqlcheck"
)

// sessionObjects are the parts of a schema that ask what the connection did before, by
// changes(), last_insert_rowid() or total_changes(): what they tell outside a
// transaction is another caller's.
type sessionObjects struct {
	views  map[string]bool // by lower-case name: those that ask when they are read
	tables map[string]bool // those that ask when they are written to, by a default or a trigger
}

// askingSession finds them. A view may be of views, and a trigger may write to a table
// with triggers.
func askingSession(objects []sqlcheck.Object) sessionObjects {
	s := sessionObjects{views: map[string]bool{}, tables: map[string]bool{}}
	texts := make([][]sqltext.Token, len(objects))
	for i, object := range objects {
		texts[i] = sqltext.Significant(sqltext.Scan(object.SQL))
	}
	for found := true; found; {
		found = false
		for i, object := range objects {
			set, name := s.tables, strings.ToLower(object.Table)
			asks := s.mention(texts[i], s.views)
			switch object.Kind {
			case sqlcheck.View:
				set, name = s.views, strings.ToLower(object.Name)
				asks = asks || infer.AsksSession(texts[i])
			case sqlcheck.Table:
				asks = infer.AsksSession(texts[i])
			case sqlcheck.Trigger:
				asks = asks || s.mention(body(texts[i]), s.tables) || asksBefore(texts[i])
			default:
				continue
			}
			if asks && !set[name] {
				set[name], found = true, true
			}
			if object.Kind != sqlcheck.Table || !s.tables[name] {
				continue
			}
			for _, parent := range referenced(texts[i]) { // whose deletion may cascade
				if !s.tables[parent] {
					s.tables[parent], found = true, true
				}
			}
		}
	}
	return s
}

// referenced returns the tables that the foreign keys of a table refer to.
func referenced(table []sqltext.Token) (parents []string) {
	for i := 1; i < len(table); i++ {
		if table[i-1].Is("REFERENCES") {
			parents = append(parents, strings.ToLower(table[i].Name))
		}
	}
	return parents
}

// asksBefore reports whether a trigger asks what was done before its statement. AFTER
// INSERT the last rowid is that of the row just inserted.
func asksBefore(trigger []sqltext.Token) bool {
	at := slices.IndexFunc(trigger, func(t sqltext.Token) bool { return t.Is("AFTER") })
	if at >= 0 && at+1 < len(trigger) && trigger[at+1].Is("INSERT") {
		return infer.Calls(trigger, "changes", "total_changes")
	}
	return infer.AsksSession(trigger)
}

// body returns what stands behind a trigger's BEGIN, and so not the table that it is on.
func body(trigger []sqltext.Token) []sqltext.Token {
	at := slices.IndexFunc(trigger, func(t sqltext.Token) bool { return t.Is("BEGIN") })
	return trigger[max(at, 0):]
}

// mention reports whether tokens say one of the names.
func (s sessionObjects) mention(tokens []sqltext.Token, names map[string]bool) bool {
	return slices.ContainsFunc(tokens, func(t sqltext.Token) bool {
		return t.Kind == sqltext.Ident && names[strings.ToLower(t.Name)]
	})
}

// askedBy reports whether a statement may read a view, or write to a table, that asks.
func (s sessionObjects) askedBy(tokens []sqltext.Token, readOnly bool) bool {
	return s.mention(tokens, s.views) || !readOnly && s.mention(tokens, s.tables)
}
