package grow

import (
	"regexp"
	"strings"
	"unicode"
)

// maxName is the length of a name in bytes, at most: enough for people, and for each file system
// with a number in front.
const maxName = 63

var nameForm = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)

// checkName refuses a name that is not of small letters, digits and single underscores, and proposes
// one that is.
func checkName(what, name string) error {
	if nameForm.MatchString(name) && len(name) <= maxName {
		return nil
	}
	form := "write small letters, digits and underscores between words, a letter first, no more than 63 in all"
	if other := snake(name); nameForm.MatchString(other) && len(other) <= maxName {
		form = "did you mean " + other + "?"
	}
	return spec("%q cannot be the name of a %s: %s", name, what, form)
}

// snake writes a name with small letters and underscores: DueDate and due-date are due_date.
func snake(name string) string {
	var out strings.Builder
	before := '_'
	for _, r := range strings.TrimSuffix(name, ".sql") {
		switch {
		case r == '-' || r == ' ' || r == '.':
			r = '_'
		case unicode.IsUpper(r) && (unicode.IsLower(before) || unicode.IsDigit(before)):
			out.WriteByte('_')
		}
		if r == '_' && before == '_' {
			continue
		}
		out.WriteRune(unicode.ToLower(r))
		before = r
	}
	return strings.Trim(out.String(), "_")
}

// checkTable refuses the name of a table that is kept for others.
func checkTable(name string) error {
	if err := checkName("table", name); err != nil {
		return err
	}
	for _, prefix := range []string{"sqlite_", "silo_", "goose_"} {
		if strings.HasPrefix(name, prefix) {
			return spec("%s cannot be a table of yours: names with %s in front are kept", name, prefix)
		}
	}
	return nil
}
