package dev

import (
	"fmt"
	"io"
)

// Terminal says who reads what is printed.
type Terminal int

const (
	// Plain is a file or a pipe, to which all is added.
	Plain Terminal = iota

	// Interactive is a terminal, from which errors are cleared when they are mended.
	Interactive
)

// clear empties a terminal (ECMA-48: cursor position, erase in page). What was scrolled out stays.
const clear = "\x1b[H\x1b[2J"

// screen is where errors are shown.
type screen struct {
	out      io.Writer
	terminal Terminal
	failing  bool // an error is shown
}

// say prints a line about the program.
func (s *screen) say(format string, args ...any) { fmt.Fprintf(s.out, "silo: "+format+"\n", args...) }

// fail shows an error, in the place of one that is shown.
func (s *screen) fail(show func(io.Writer)) {
	s.mend()
	show(s.out)
	s.failing = true
}

// mend clears an error that is shown.
func (s *screen) mend() {
	if s.failing && s.terminal == Interactive {
		fmt.Fprint(s.out, clear)
	}
	s.failing = false
}
