package differential

import "pgregory.net/rapid"

// drawer makes choices. It is the only place where chance comes in, so that rapid can
// shrink what fails and a seed draws the same project again.
type drawer struct{ *rapid.T }

// index draws a number below n.
func (d *drawer) index(n int) int { return rapid.IntRange(0, n-1).Draw(d.T, "index") }

// oneIn is true once in n times, and never once a failing case is shrunk.
func (d *drawer) oneIn(n int) bool { return d.index(n) == n-1 }

// pick draws one of several texts.
func (d *drawer) pick(texts ...string) string { return texts[d.index(len(texts))] }

// form draws one of several ways to write something.
func (d *drawer) form(ways ...func() string) string { return ways[d.index(len(ways))]() }
