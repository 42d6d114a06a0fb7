package codegen

import (
	"go/token"
	"go/types"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/jinzhu/inflection"
)

// reserved are the names that every generated package has.
var reserved = []string{
	"Store", "DB", "Tx", "ReadTx", "Handle", "Schema", "Queries", "Reader", "New", "NewReader", "Open", "Write", "Read",
}

// taken are names that mean something else inside generated functions.
var taken = []string{"arg", "context", "ctx", "db", "dir", "fn", "fs", "h", "q", "query", "row", "schema", "tenantdb", "time", "v"}

// goName turns a snake_case name of SQL into a Go name as sqlc does: module_id is
// ModuleID.
func goName(name string, rename map[string]string) string {
	if renamed := rename[name]; renamed != "" {
		return renamed
	}
	var out strings.Builder
	words := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for _, word := range words {
		if word == "id" {
			out.WriteString("ID")
			continue
		}
		first, size := utf8.DecodeRuneInString(word)
		out.WriteRune(unicode.ToUpper(first))
		out.WriteString(word[size:])
	}
	return out.String()
}

// modelName returns the name of the struct that holds a row of a table.
func modelName(table string, rename map[string]string) string {
	if renamed := rename[table]; renamed != "" {
		return renamed
	}
	return goName(singular(table), rename)
}

// singular is sqlc's singular of a table's name.
func singular(name string) string {
	switch strings.ToLower(name) {
	case "campus", "meta", "metadata":
		return name
	case "calories":
		return "calorie"
	case "waves":
		return "wave"
	}
	return inflection.Singular(name)
}

// privateName begins a Go name in lower case: GetModule is getModule, URLOf is urlOf.
func privateName(name string) string {
	runes := []rune(name)
	upper := 0
	for upper < len(runes) && unicode.IsUpper(runes[upper]) {
		upper++
	}
	if upper > 1 && upper < len(runes) && unicode.IsLower(runes[upper]) {
		upper-- // the last one begins the next word
	}
	for i := range upper {
		runes[i] = unicode.ToLower(runes[i])
	}
	return string(runes)
}

// localName returns a name for a parameter or variable. suffix tells it from what
// the name means otherwise.
func localName(name, suffix string, used ...string) string {
	name = privateName(name)
	if token.IsKeyword(name) || types.Universe.Lookup(name) != nil || slices.Contains(taken, name) || slices.Contains(used, name) {
		return name + suffix
	}
	return name
}

// isGoName reports whether a name can be an exported one.
func isGoName(name string) bool {
	return token.IsIdentifier(name) && token.IsExported(name)
}
