package migrate

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// parser reads one migration as goose does, and refuses what goose and sqlc would
// read differently.
type parser struct {
	m       Migration
	up      strings.Builder // what Up does, normalised
	section string          // "", Up or Down
	block   int             // the line of an open StatementBegin, or 0
	hollow  bool            // the block read last was empty: goose loses the line behind it
	unit    strings.Builder // the statement or block being read
	open    int             // the first line of it that is not blank, or 0
}

// parse reads what the runtime must know of one migration.
func parse(name, text string) (Migration, error) {
	p := &parser{m: Migration{Name: name}}
	fail := func(line int, detail string) (Migration, error) {
		return Migration{}, &Error{Kind: ErrInvalid, File: name, Line: line, Detail: detail}
	}
	if detail := p.number(); detail != "" {
		return fail(0, detail)
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if detail := p.line(i+1, strings.TrimSuffix(line, "\r")); detail != "" {
			return fail(i+1, detail)
		}
	}
	if line, detail := p.end(len(lines)); detail != "" {
		return fail(line, detail)
	}
	if p.section == "" {
		return fail(1, "there is no line `-- +goose Up`")
	}
	sum := sha256.Sum256([]byte(p.up.String()))
	p.m.Sum = hex.EncodeToString(sum[:])
	return p.m, nil
}

// number takes the version from the file's name.
func (p *parser) number() (detail string) {
	number, _, ok := strings.Cut(p.m.Name, "_")
	version, err := strconv.ParseInt(number, 10, 64)
	if !ok || err != nil || version < 1 {
		return "the name must be NUMBER_title.sql, such as 00001_create_users.sql"
	}
	if strings.HasSuffix(p.m.Name, ".down.sql") {
		return "sqlc passes over files named .down.sql; goose has Up and Down in one file"
	}
	p.m.Version, p.m.CompatibleWith = version, version
	return ""
}

// line reads one line. What is wrong with it is returned.
func (p *parser) line(number int, line string) (detail string) {
	trimmed := strings.TrimSpace(line)
	comment := strings.HasPrefix(trimmed, "--")
	switch {
	case comment && strings.Contains(line, "+goose"):
		return p.annotation(number, strings.TrimRight(line, " \t"))
	case comment && cutBySqlc(line):
		return "sqlc ends the migration at this comment and goose does not; reword it"
	case comment && p.unit.Len() == 0:
		return p.compatible(trimmed)
	case line == "" && p.unit.Len() == 0, trimmed == "" && p.section == "":
		return "" // goose keeps blanks, from the first statement on
	case p.section == "":
		return "there is SQL before the line `-- +goose Up`"
	case p.hollow && p.block == 0:
		return "goose would pass over this line, behind a StatementBegin and StatementEnd with no statement between them; remove these two"
	}
	if p.open == 0 && trimmed != "" {
		p.open = number
	}
	p.unit.WriteString(line + "\n")
	if p.block == 0 && endsStatement(line) {
		p.store()
	}
	return ""
}

// annotation reads a line of goose's, of which there are four that both goose and
// sqlc read.
func (p *parser) annotation(number int, line string) (detail string) {
	switch line {
	case "-- +goose Up":
		if p.section != "" {
			return "there is a second `-- +goose Up`"
		}
		p.section = "Up"
	case "-- +goose Down":
		if p.section != "Up" {
			return "`-- +goose Down` must follow `-- +goose Up`, once"
		}
		if _, detail := p.end(number); detail != "" {
			return detail
		}
		p.section, p.hollow = "Down", false
	case "-- +goose StatementBegin":
		if p.section == "" || p.block != 0 || p.open != 0 {
			return "StatementBegin must stand after Up or Down and between statements"
		}
		p.block = number
	case "-- +goose StatementEnd":
		if p.block == 0 {
			return "StatementEnd has no StatementBegin"
		}
		if p.unit.Len() > 0 && p.open == 0 {
			p.open = p.block // of blanks, which goose takes for a statement
		}
		p.block, p.hollow = 0, p.unit.Len() == 0
		p.store()
	case "-- +goose NO TRANSACTION":
		// Passed over: all that are pending are one transaction. goose runs the
		// statements without one of its own then, which comes to the same.
	default:
		return refusal(line)
	}
	return ""
}

// refusal says why a line of goose's is none of the four.
func refusal(line string) string {
	words := strings.ToLower(strings.Join(strings.Fields(strings.ReplaceAll(line, "--", " ")), " "))
	switch {
	case strings.Contains(words, "no transaction"):
		return "write the annotation as `-- +goose NO TRANSACTION`, or leave it out: all pending migrations of a tenant run in one transaction"
	case strings.Contains(words, "envsub"):
		return "ENVSUB is refused: every tenant's schema must be the same"
	}
	for _, known := range [...]string{"Up", "Down", "StatementBegin", "StatementEnd"} {
		if words == "+goose "+strings.ToLower(known) {
			return "write the annotation as `-- +goose " + known + "`: goose and sqlc do not both read other forms"
		}
	}
	return "there is no such annotation; there are Up, Down, StatementBegin and StatementEnd"
}

// store ends the statement or block being read.
func (p *parser) store() {
	if p.section == "Up" && p.open != 0 {
		p.m.units = append(p.m.units, p.open)
		if text := normalise(p.unit.String()); text != "" {
			p.up.WriteString(text + "\n")
		}
	}
	p.unit.Reset()
	p.open = 0
}

// end says what is unfinished at the end of a section.
func (p *parser) end(number int) (line int, detail string) {
	switch {
	case p.block != 0:
		return p.block, "StatementBegin has no StatementEnd"
	case p.open != 0 && normalise(p.unit.String()) == "":
		return p.open, "goose takes this comment for a statement; begin it with -- and leave no line of blanks before it"
	case p.open != 0:
		return p.open, "the statement is not ended by a semicolon at the end of a line"
	}
	p.unit.Reset()
	return number, ""
}

// compatible reads the declaration that older programs can live with a migration.
func (p *parser) compatible(comment string) (detail string) {
	value, ok := strings.CutPrefix(strings.TrimSpace(strings.TrimPrefix(comment, "--")), "silo: compatible-with")
	if !ok {
		return ""
	}
	n, err := strconv.ParseInt(strings.TrimSpace(value), 10, 64)
	if err != nil || n < 1 || n > p.m.Version {
		return fmt.Sprintf("compatible-with takes the number of an earlier migration, not %q", strings.TrimSpace(value))
	}
	p.m.CompatibleWith = n
	return ""
}

// cutBySqlc reports whether sqlc takes the line for the beginning of another tool's
// rollback.
func cutBySqlc(line string) bool {
	line = strings.ToLower(line)
	for _, mark := range [...]string{"-- +migrate down", "---- create above / drop below ----", "-- migrate:down"} {
		if strings.HasPrefix(line, mark) {
			return true
		}
	}
	return false
}

// endsStatement reports whether goose takes the line for a statement's last: its last
// word before a comment ends with a semicolon.
func endsStatement(line string) bool {
	last := ""
	for _, word := range strings.Fields(line) {
		if strings.HasPrefix(word, "--") {
			break
		}
		last = word
	}
	return strings.HasSuffix(last, ";")
}

// normalise takes out of SQL what means nothing: comments, and white space but for
// one space where there was any. What is quoted stays as it is.
func normalise(sql string) string {
	var out strings.Builder
	space := func() {
		if text := out.String(); text != "" && text[len(text)-1] != ' ' {
			out.WriteByte(' ')
		}
	}
	for i := 0; i < len(sql); {
		switch c := sql[i]; {
		case strings.HasPrefix(sql[i:], "--"):
			i = after(sql, i, "\n")
			space()
		case strings.HasPrefix(sql[i:], "/*"):
			i = after(sql, i+2, "*/")
			space()
		case c == '\'' || c == '"' || c == '`' || c == '[':
			closing := string(c)
			if c == '[' {
				closing = "]"
			}
			end := after(sql, i+1, closing)
			out.WriteString(sql[i:end])
			i = end
		default:
			if strings.IndexByte(" \t\r\n\f", c) >= 0 {
				space()
			} else {
				out.WriteByte(c)
			}
			i++
		}
	}
	return strings.TrimSpace(out.String())
}

// after returns where in sql the mark that is next from i ends.
func after(sql string, i int, mark string) int {
	if at := strings.Index(sql[i:], mark); at >= 0 {
		return i + at + len(mark)
	}
	return len(sql)
}
