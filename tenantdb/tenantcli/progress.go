package tenantcli

import (
	"io"
	"time"

	"github.com/schollz/progressbar/v3"
)

// bar shows how far something is, if anybody looks. The zero bar shows nothing.
type bar struct {
	bar *progressbar.ProgressBar
	out io.Writer // where it is drawn
}

// progress begins a bar of so many steps; -1 means that nobody knows.
func (s *session) progress(what string, steps int64) bar {
	if !s.terminal.draws {
		return bar{}
	}
	options := []progressbar.Option{
		progressbar.OptionSetWriter(s.terminal.err),
		progressbar.OptionSetDescription(what),
		progressbar.OptionSetWidth(30),
		progressbar.OptionThrottle(50 * time.Millisecond),
		progressbar.OptionSetRenderBlankState(true),
		progressbar.OptionClearOnFinish(),
	}
	if steps > 0 {
		options = append(options, progressbar.OptionShowCount())
	}
	return bar{progressbar.NewOptions64(steps, options...), s.terminal.err}
}

// at says how many steps are done, of how many. What the terminal does not take is lost.
func (b bar) at(step, steps int64) {
	if b.bar != nil {
		if steps > 0 {
			b.bar.ChangeMax64(steps)
		}
		_ = b.bar.Set64(step)
	}
}

// says changes what stands before the bar.
func (b bar) says(text string) {
	if b.bar != nil {
		b.bar.Describe(text)
	}
}

// end takes the bar away.
func (b bar) end() {
	if b.bar != nil {
		_ = b.bar.Finish()
	}
}

// beginLine begins the line anew (ECMA-48, erase in line).
const beginLine = "\r\x1b[2K"

// clear takes the bar away until it moves again, for a line to be printed in its place. It does not
// call ProgressBar.Clear, which takes no lock against the goroutine that turns the bar's spinner.
func (b bar) clear() {
	if b.bar != nil {
		_, _ = io.WriteString(b.out, beginLine)
	}
}

// over returns a writer to the same terminal, or elsewhere, in whose way the bar is not.
func (b bar) over(w io.Writer) io.Writer {
	if b.bar == nil {
		return w
	}
	return clearing{b.out, w}
}

// clearing takes away what bar there may be before each write.
type clearing struct {
	bar io.Writer // where it is drawn
	w   io.Writer
}

func (c clearing) Write(p []byte) (int, error) {
	_, _ = io.WriteString(c.bar, beginLine)
	return c.w.Write(p)
}
