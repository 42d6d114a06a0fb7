package codegen

import (
	"go/build"
	"io"
	"path"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// fileNamed refuses a file of queries whose generated file would not be a part of the
// package everywhere.
func (b *builder) fileNamed(source string) {
	base := path.Base(source)
	switch name := base + ".go"; {
	case !takenByGo(base):
		b.problems.Add(path.Dir(source), 0, "Go refuses a file called %s, which would be generated from %s: rename the .sql file", strconv.Quote(name), strconv.Quote(base))
	case !builtEverywhere(name):
		b.problems.Add(source, 0, "Go would compile the generated file %s on some systems only, or never: rename the .sql file", name)
	}
	for _, data := range b.data.Files {
		if strings.EqualFold(data.Name, base) {
			b.problems.Add(source, 0, "%s.go and %s.go, which is generated from %s, are one file on some systems: rename one of the .sql files", base, data.Name, data.Sources[0])
		}
	}
}

// takenByGo reports whether the go command takes a file of that name: one that begins
// like an option, such as +build.sql, it does not.
func takenByGo(name string) bool {
	first, _ := utf8.DecodeRuneInString(name)
	return !strings.ContainsFunc(name, unicode.IsControl) &&
		(first == '_' || first >= utf8.RuneSelf || unicode.IsLetter(first) || unicode.IsDigit(first))
}

// builtEverywhere reports whether Go compiles a file of that name on every system.
func builtEverywhere(name string) bool {
	nowhere := build.Context{GOOS: "none", GOARCH: "none", Compiler: "gc", OpenFile: func(string) (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader("package p\n")), nil
	}}
	match, err := nowhere.MatchFile("", name)
	return err == nil && match
}
