package cli

import (
	"fmt"
	"io"
	"os"

	"golang.org/x/term"

	"github.com/silokit/silo/cmd/internal/codegen/problem"
)

// The colours of a terminal (ECMA-48, select graphic rendition).
const (
	bold   = "\x1b[1m"
	red    = "\x1b[31m"
	yellow = "\x1b[33m"
	plain  = "\x1b[0m"
)

// printProblems prints one line a problem, in colours where somebody looks at them.
func printProblems(w io.Writer, problems []problem.Problem) {
	paint := func(_, text string) string { return text }
	if coloured(w) {
		paint = func(colour, text string) string { return colour + text + plain }
	}
	for _, p := range problems {
		label := paint(red, "error:")
		if p.Severity == problem.Warning {
			label = paint(yellow, "warning:")
		}
		fmt.Fprintf(w, "%s %s %s\n", paint(bold, p.Place()+":"), label, p.Text())
	}
}

// coloured reports whether w is a terminal whose user has not declined colours
// (https://no-color.org).
func coloured(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && term.IsTerminal(int(file.Fd())) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}
