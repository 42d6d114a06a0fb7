package differential

import (
	"slices"
	"strconv"
	"strings"

	"pgregory.net/rapid"
)

// The names that things are given, the plainest first, for a failing case is shrunk
// towards the beginning of each list.
var (
	tableNames  = []string{"items", "books", "people", "s", "order", "Übungen", "group", "日本", "two words", "user_ids", "Type", "statuses"}
	columnNames = []string{"name", "title", "size", "note", "state", "url", "created_at", "Größe", "order", "select", "a b", "type", "日本", "func", "Key", "x-y", "values", "query", "ctx", "parent_id", "row", "err"}
	paramNames  = []string{"a", "name", "value", "lower", "größe", "type", "ctx", "q", "range", "err", "limit_", "ID", "url", "query", "args", "select"}
	words       = []string{"order", "group", "select", "values", "type", "key", "row", "query", "range", "limit", "offset"}
)

// names gives out names of which no two are the same to SQLite.
type names map[string]bool

// take draws a name that is not given out yet.
func (n names) take(t *rapid.T, from []string) string {
	name := rapid.SampledFrom(from).Draw(t, "name")
	for i, base := 2, name; n[strings.ToLower(name)]; i++ {
		name = base + "_" + strconv.Itoa(i)
	}
	n[strings.ToLower(name)] = true
	return name
}

// bare reports whether SQLite takes a name without quotes.
func bare(name string) bool {
	if slices.Contains(words, strings.ToLower(name)) {
		return false
	}
	return !strings.ContainsFunc(name, func(r rune) bool {
		return r < 0x80 && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && r != '_'
	})
}

// identifier writes a name, in quotes where it needs them and now and then where not.
func (d *drawer) identifier(name string) string {
	if bare(name) && !d.oneIn(8) {
		return name
	}
	return d.pick(`"`+name+`"`, "`"+name+"`", "["+name+"]")
}
