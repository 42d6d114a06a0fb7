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
	Short   string // what a short run has fewer of
}

// write writes the title, what is known of the machine, and how it is measured; method goes on with what
// ratios are.
func (h Head) write(w io.Writer, title, program, method string) {
	fmt.Fprintf(w, "# %s\n\nWritten by `%s` on %s; do not edit. The program is [%s](../%s).\n\n", title, h.Command, h.Date, program, program)
	var lines [][]string
	for _, fact := range h.Facts {
		lines = append(lines, []string{fact[0], fact[1]})
	}
	writeTable(w, []string{"", ""}, lines)
	fmt.Fprintf(w, "%d rounds. In each every contender has its turns, in an order that rotates; ratios are medians of the rounds' ratios%s\n\n", h.Rounds.Count, method)
	if h.Rounds.Scale != 1 {
		fmt.Fprintf(w, "**This was a short run,** of fewer %s.\n\n", h.Short)
	}
}
