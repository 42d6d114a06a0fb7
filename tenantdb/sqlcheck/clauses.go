package sqlcheck

import "strings"

// declarations are what the text of a CREATE TABLE says and SQLite's pragmas do not.
type declarations struct {
	columns map[string]string // of each, by its name in lower case: collation, expression, AUTOINCREMENT, ON CONFLICT
	rules   []string          // each CHECK, and the ON CONFLICT of table constraints
}

// clauses reads the text of a CREATE TABLE, in which a CHECK means the same beside a
// column as at the end.
func clauses(sql string) declarations {
	d := declarations{columns: map[string]string{}}
	all := words(sql)
	start := 0
	for start < len(all) && all[start] != "(" {
		start++
	}
	if start == len(all) {
		return d // AS SELECT
	}
	for at := start + 1; at < len(all); {
		end := definition(all, at)
		d.read(all[at:end])
		at = end + 1
		if end < len(all) && all[end] == ")" {
			break
		}
	}
	return d
}

// definition returns where the column or constraint that begins at a place ends: at a
// comma or at the end of the list.
func definition(all []string, at int) int {
	for depth := 0; at < len(all); at++ {
		switch {
		case all[at] == "(":
			depth++
		case all[at] == ")" && depth > 0:
			depth--
		case depth == 0 && (all[at] == "," || all[at] == ")"):
			return at
		}
	}
	return at
}

// group returns where the parenthesis that opens at a place is closed.
func group(all []string, at int) int {
	depth := 0
	for ; at < len(all); at++ {
		switch all[at] {
		case "(":
			depth++
		case ")":
			depth--
		}
		if depth == 0 {
			return at
		}
	}
	return len(all) - 1
}

// read takes what is asked of one column or constraint.
func (d *declarations) read(definition []string) {
	var told []string
	table := len(definition) > 0 && strings.Contains(" constraint primary unique check foreign ", " "+definition[0]+" ")
	for i := 0; i < len(definition); i++ {
		next := func(n int) string { return strings.Join(definition[i:min(i+n, len(definition))], " ") }
		switch word := definition[i]; {
		case (word == "check" || word == "as") && i+1 < len(definition) && definition[i+1] == "(":
			end := group(definition, i+1)
			text := strings.Join(definition[i:end+1], " ")
			if word == "check" {
				d.rules = append(d.rules, text)
			} else {
				told = append(told, text)
			}
			i = end
		case word == "(" && !table:
			i = group(definition, i) // of a type or a default
		case word == "collate":
			told = append(told, next(2))
		case word == "autoincrement":
			told = append(told, word)
		case word == "on" && i+1 < len(definition) && definition[i+1] == "conflict":
			told = append(told, next(3))
		case word == "deferrable":
			told = append(told, next(3))
		}
	}
	if len(told) == 0 {
		return
	}
	text := strings.Join(told, " ")
	if table {
		d.rules = append(d.rules, strings.Join(definition, " "))
		return
	}
	d.columns[definition[0]] = text
}
