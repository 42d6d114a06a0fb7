package mustfail

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// imports are the packages that test sources may import, with all that these import.
var imports = []string{
	"context", "database/sql", "io/fs",
	"github.com/silokit/silo/gen/global",
	"github.com/silokit/silo/gen/tenant",
	"github.com/silokit/silo/tenantdb",
	"github.com/silokit/silo/tenantdb/catalog",
}

// exportFiles returns, by import path, the files in which the compiler has described
// the packages that test sources may import.
var exportFiles = sync.OnceValues(func() (map[string]string, error) {
	args := append([]string{"list", "-export", "-deps", "-f", "{{.ImportPath}}\t{{.Export}}"}, imports...)
	cmd := exec.Command("go", args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list -export: %w\n%s", err, stderr.Bytes())
	}
	files := map[string]string{}
	for line := range strings.Lines(string(out)) {
		if path, file, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			files[path] = file
		}
	}
	return files, nil
})

// source is one file of a program.
type source struct {
	name string
	text string
}

// compile type-checks a program of the given files. It returns how the result
// differs from what their ERROR comments say, a line for each difference. An error
// means that the program could not be checked.
func compile(files ...source) (differences []string, err error) {
	exports, err := exportFiles()
	if err != nil {
		return nil, err
	}
	fset := token.NewFileSet()
	var parsed []*ast.File
	var expected []*expectation
	for _, file := range files {
		f, err := parser.ParseFile(fset, file.name, file.text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		parsed = append(parsed, f)
		in, err := expectations(fset, f)
		if err != nil {
			return nil, err
		}
		expected = append(expected, in...)
	}
	config := types.Config{
		Importer: importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) {
			file, ok := exports[path]
			if !ok {
				return nil, fmt.Errorf("test sources may not import %s", path)
			}
			return os.Open(file)
		}),
		Error: func(err error) {
			var refused types.Error
			if !errors.As(err, &refused) {
				differences = append(differences, err.Error())
			} else if difference := meet(expected, fset.Position(refused.Pos), refused.Msg); difference != "" {
				differences = append(differences, difference)
			}
		},
	}
	// The errors have all been given to config.Error; Check returns the first.
	_, _ = config.Check("example.com/mistake", fset, parsed, nil)
	return append(differences, unmet(expected)...), nil
}

// expectation is what an ERROR comment asks for.
type expectation struct {
	at      token.Position
	message *regexp.Regexp
	met     bool
}

var quoted = regexp.MustCompile("\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`")

// expectations returns the ERROR comments of a file.
func expectations(fset *token.FileSet, f *ast.File) ([]*expectation, error) {
	var all []*expectation
	for _, group := range f.Comments {
		for _, comment := range group.List {
			rest, ok := strings.CutPrefix(comment.Text, "// ERROR ")
			if !ok {
				continue
			}
			at := fset.Position(comment.Pos())
			patterns := quoted.FindAllString(rest, -1)
			if len(patterns) == 0 {
				return nil, fmt.Errorf("%s: ERROR without a quoted regexp", at)
			}
			for _, pattern := range patterns {
				text, err := strconv.Unquote(pattern)
				if err != nil {
					return nil, fmt.Errorf("%s: %s: %w", at, pattern, err)
				}
				// Messages have several lines.
				message, err := regexp.Compile("(?s)" + text)
				if err != nil {
					return nil, fmt.Errorf("%s: %w", at, err)
				}
				all = append(all, &expectation{at: at, message: message})
			}
		}
	}
	return all, nil
}

// meet marks the expectation that a message at a place meets. If there is none it
// returns what is wrong.
func meet(expected []*expectation, at token.Position, message string) (difference string) {
	for _, e := range expected {
		if !e.met && e.at.Filename == at.Filename && e.at.Line == at.Line && e.message.MatchString(message) {
			e.met = true
			return ""
		}
	}
	return fmt.Sprintf("%s: nobody expects: %s", at, message)
}

// unmet returns what is wrong for each expectation that nothing has met.
func unmet(expected []*expectation) (differences []string) {
	for _, e := range expected {
		if !e.met {
			differences = append(differences, fmt.Sprintf("%s: compiles, but should be refused with %q", e.at, e.message))
		}
	}
	return differences
}

// read reads a file of testdata.
func read(t *testing.T, name string) source {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return source{name, string(text)}
}

// requireNone fails the test for each difference.
func requireNone(t *testing.T, differences []string, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	for _, difference := range differences {
		t.Error(difference)
	}
}
