package infer

import (
	"fmt"
	"slices"
)

// Note is about a place in a statement that SQLite accepts and that is probably not
// meant.
type Note struct {
	Text   string // what is wrong and what to do
	Pos    int    // the byte offset in the file
	Refuse bool   // what it writes can never be read
	Into   Source // the column that it is written to, if it is about that
}

// note adds a note about the expression that ends before the next token. A part of a
// statement may be read several times.
func (p *parser) note(format string, args ...any) {
	p.put(Note{Text: fmt.Sprintf(format, args...), Pos: p.tokens[max(p.at-1, 0)].Pos})
}

func (p *parser) put(n Note) {
	if !slices.Contains(p.result.Notes, n) {
		p.result.Notes = append(p.result.Notes, n)
	}
}

// noteTime looks at what is stored in a column of times: it has to be of the one format
// that compares as text with those that programs store.
func (p *parser) noteTime(e expr, column string) {
	if e.clock != "" {
		p.note("this stores the format of %s in %s, which is shorter than that of other times: the two do not compare as text, and paging by %s would go wrong: write "+presentTime,
			e.clock, column, column)
	}
}
