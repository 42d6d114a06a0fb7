package report

import (
	"fmt"
	"io"

	"github.com/silokit/silo/bench/internal/measure"
)

// Head is what a document says of how it came about.
type Head struct {
	Command string
	Date    string
	Facts   [][2]string // of the machine and of versions
	Rounds  measure.Rounds
}

// write writes the title, and what is known of the machine.
func (h Head) write(w io.Writer, title, program string) {
	fmt.Fprintf(w, "# %s\n\nWritten by `%s` on %s; do not edit. The program is [%s](../%s).\n\n", title, h.Command, h.Date, program, program)
	var lines [][]string
	for _, fact := range h.Facts {
		lines = append(lines, []string{fact[0], fact[1]})
	}
	writeTable(w, []string{"", ""}, lines)
}
