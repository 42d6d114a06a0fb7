package codegen

import (
	"cmp"
	"go/token"
	"go/types"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/jinzhu/inflection"

	"github.com/silokit/silo/cmd/internal/codegen/config"
)

// reserved are the names that every generated package has.
var reserved = []string{
	"Store", "DB", "Tx", "ReadTx", "Handle", "Schema", "Queries", "Reader", "New", "NewReader", "Open", "Write", "Read",
	"reader",
}

// reservedMethods are the names that a query cannot have, each with what has it.
var reservedMethods = map[string]string{
	"Reader": "the method that narrows Queries to what reads",
	"reader": "a field of Queries",
	"b":      "a field of Reader",
}

// taken are names that mean something else inside generated functions.
var taken = []string{
	"arg", "context", "ctx", "db", "dir", "fn", "fs", "h", "init", "json", "q", "query", "row", "rows", "schema", "sql", "tenantdb", "time", "v",
}

// importOfSchema returns how generated code imports the package of the migrations: by its
// own name where that is known and means nothing else there.
func (b *block) importOfSchema() goImport {
	name := b.schemaName
	switch {
	case name == "", name != "schema" && localName(name, "_") != name:
		return goImport{Path: b.ImportPath, Name: "schema"}
	case name == path.Base(b.ImportPath):
		name = ""
	}
	return goImport{Path: b.ImportPath, Name: name}
}

// namer makes Go names of the names of SQL, as the options of a package want them.
type namer struct{ options *config.Options }

// goName turns a snake_case name of SQL into a Go name as sqlc does: module_id is
// ModuleID, and so is MODULE_ID.
func (n namer) goName(name string) string {
	if renamed := n.renamed(name); renamed != "" {
		return renamed
	}
	var out strings.Builder
	for _, word := range wordsOf(name) {
		if n.isInitialism(word) {
			out.WriteString(strings.ToUpper(word))
			continue
		}
		first, size := utf8.DecodeRuneInString(word)
		out.WriteRune(unicode.ToUpper(first))
		out.WriteString(word[size:])
	}
	result := out.String()
	if first, _ := utf8.DecodeRuneInString(result); result != "" && !unicode.IsUpper(first) {
		return "X" + result // a digit, or a letter of a script without capitals: no other package could read it
	}
	return result
}

// renamed returns the Go name that the author chose for a name of SQL, or "". sqlc sees
// names in lower case only, so that this is how they stand under rename.
func (n namer) renamed(name string) string {
	return cmp.Or(n.options.Rename[name], n.options.Rename[unshouted(name)])
}

func (n namer) isInitialism(word string) bool {
	if n.options.Initialisms == nil {
		return word == "id"
	}
	return slices.Contains(n.options.Initialisms, word)
}

// wordsOf returns the words of a name of SQL.
func wordsOf(name string) []string {
	return strings.FieldsFunc(unshouted(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// unshouted returns a name without a small letter in small letters: of such a one it is
// not known which letters begin words. Others stay as they are.
func unshouted(name string) string {
	if strings.ContainsFunc(name, unicode.IsLower) {
		return name
	}
	return strings.ToLower(name)
}

// parameter returns the name of a method's parameter: pr_url with the initialisms pr and
// url is prURL.
func (n namer) parameter(field fieldData) string {
	words := wordsOf(field.column.Name)
	if len(words) == 0 || !n.isInitialism(words[0]) {
		return field.Name
	}
	if rest, ok := strings.CutPrefix(field.Name, strings.ToUpper(words[0])); ok {
		return words[0] + rest
	}
	return field.Name
}

// modelName returns the name of the struct that holds a row of a table.
func (n namer) modelName(table string) string {
	if renamed := n.renamed(table); renamed != "" {
		return renamed
	}
	table = unshouted(table)
	if n.options.ExactTableNames || slices.ContainsFunc(n.options.KeepNames, func(name string) bool { return unshouted(name) == table }) {
		return n.goName(table)
	}
	return n.goName(singular(table))
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
	return cmp.Or(inflection.Singular(name), name) // of s it is nothing
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
