package codegen

import (
	"go/build/constraint"
	"strings"
)

// commentLine makes what can stand behind // in generated code of a line that somebody
// wrote elsewhere. Go refuses some characters even in comments, and gofmt makes a build
// constraint, which leaves out the whole file, of any line that reads like one. Other
// directives have no space behind //, and all comments here have one.
func commentLine(line string) string {
	line = strings.ToValidUTF8(line, "\uFFFD")
	line = strings.NewReplacer("\ufeff", "", "\x00", "\uFFFD", "\n", " ").Replace(line)
	if constraint.IsPlusBuild("//" + line) {
		line = strings.Replace(line, "+build", "+ build", 1)
	}
	return line
}
