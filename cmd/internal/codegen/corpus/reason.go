package corpus

import (
	"regexp"
	"slices"
	"strings"
)

var reasonWord = regexp.MustCompile(`"[^"]*"|'[^']*'|[?@:$]?[A-Za-z_0-9.\x80-\xff]+`)

// general returns the reasons of a query without names and numbers, so that equal
// reasons of different queries are equal.
func general(q *Query) []string {
	names := map[string]bool{strings.ToLower(q.Name): true}
	for _, t := range q.statement.tokens {
		switch {
		case t.kind == tokenQuoted, t.kind == tokenParam:
			names[strings.ToLower(strings.TrimLeft(unquoted(t), ":@$"))] = true
		case t.kind == tokenWord && (strings.Contains(t.text, "_") || t.text != strings.ToUpper(t.text)):
			names[strings.ToLower(t.text)] = true
		}
	}
	for _, word := range proseWords {
		delete(names, word)
	}
	hidden := func(word string) string {
		plain := strings.ToLower(strings.Trim(word, `"'?@:$.`))
		_, column, qualified := strings.Cut(plain, ".")
		switch {
		case word[0] == '"' || word[0] == '\'', names[plain], qualified && names[column], strings.Trim(plain, "0123456789") == "":
			return "…"
		default:
			return word
		}
	}
	var all []string
	for _, reason := range q.reasons {
		if text := reasonWord.ReplaceAllStringFunc(reason, hidden); !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	return all
}

// proseWords are names in queries that are words in messages too.
var proseWords = strings.Fields(`a all and any as at be by case cast column columns comment count data database file for from group has
	if in integer is it its join json limit list name names no not null of on one or order parameter query result row rows schema
	select set table text than that the then this time to type types unknown value values what which with write`)
