package codegen

import (
	"regexp"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
)

var (
	syntaxNear = regexp.MustCompile(`^near "(.+)": syntax error$`)
	noFunction = regexp.MustCompile(`^no such function: (\S+)$`)
)

// otherWords are words of other databases, in upper case, with what to write in SQLite.
var otherWords = map[string]string{
	"ILIKE":     "LIKE takes no notice of the case of ASCII letters: write LIKE",
	"RETURN":    "write RETURNING",
	"TRUNCATE":  "write DELETE FROM",
	"~":         "SQLite has no regular expressions: write LIKE or GLOB",
	"~*":        "SQLite has no regular expressions: write LIKE or GLOB",
	"DUPLICATE": "write ON CONFLICT (…) DO UPDATE SET …",
}

// otherFunctions are functions of other databases, in lower case, likewise.
var otherFunctions = map[string]string{
	"now":               "write strftime('%Y-%m-%d %H:%M:%f', 'now')",
	"any":               "write IN (sqlc.slice(some_name))",
	"greatest":          "write max(…, …)",
	"least":             "write min(…, …)",
	"to_char":           "write strftime(format, time)",
	"date_trunc":        "write date(…, 'start of month') and the like",
	"extract":           "write CAST(strftime('%Y', …) AS INTEGER) and the like",
	"array_agg":         "write json_group_array(…)",
	"json_agg":          "write json_group_array(…)",
	"json_build_object": "write json_object(…)",
	"nextval":           "an INTEGER PRIMARY KEY numbers rows by itself: leave it out",
	"gen_random_uuid":   "make it in Go and pass it as a parameter",
	"uuid_generate_v4":  "make it in Go and pass it as a parameter",
}

// dialect returns what to write in the place of what a message of SQLite says it does not
// know, where that is another database's, or "".
func dialect(q *sqltext.Query, pos int, message string) string {
	if found := noFunction.FindStringSubmatch(message); found != nil {
		return otherFunctions[strings.ToLower(found[1])]
	}
	found := syntaxNear.FindStringSubmatch(message)
	if found == nil {
		return ""
	}
	var before sqltext.Token
	for _, token := range q.Significant() {
		if token.Pos >= pos {
			break
		}
		before = token
	}
	near := strings.ToUpper(found[1])
	switch {
	case before.Is("INTERVAL"):
		return "write datetime(…, '+1 day') and the like"
	case before.Is("FOR") && near == "UPDATE":
		return "a tenant has one writer: leave FOR UPDATE out, and call the query inside Write"
	case before.Is("LIMIT") && near == "ALL":
		return "write LIMIT -1"
	default:
		return otherWords[near]
	}
}
