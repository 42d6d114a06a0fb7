package mustfail

import (
	"bytes"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// wireMessage is how a message of wire begins.
var wireMessage = regexp.MustCompile(`^wire: (.+\.go):(\d+):(\d+): (.*)`)

// TestWireRefusesInjectorsThatMixUpDatabases runs wire once on all of testdata/wire,
// for it reads the sources of every package they import, which takes seconds. The
// package complete is the control: no message is expected in it.
func TestWireRefusesInjectorsThatMixUpDatabases(t *testing.T) {
	names, err := filepath.Glob(filepath.Join("testdata", "wire", "*", "wire.go"))
	if err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	var expected []*expectation
	controls := 0
	for _, name := range names {
		path, err := filepath.Abs(name)
		if err != nil {
			t.Fatal(err)
		}
		f, err := parser.ParseFile(fset, path, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		in, err := expectations(fset, f)
		if err != nil {
			t.Fatal(err)
		}
		if len(in) == 0 {
			controls++
		}
		expected = append(expected, in...)
	}
	if len(expected) == 0 || controls == 0 {
		t.Fatalf("%d messages are expected, and %d packages are to be accepted", len(expected), controls)
	}

	cmd := exec.CommandContext(t.Context(), "go", "tool", "wire", "check", "./testdata/wire/...")
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Run(); err == nil {
		t.Error("wire check succeeds")
	}
	var differences []string
	for _, message := range wireMessages(output.String()) {
		if difference := meet(expected, message.at, message.text); difference != "" {
			differences = append(differences, difference)
		}
	}
	requireNone(t, append(differences, unmet(expected)...), nil)
	if t.Failed() {
		t.Logf("wire check printed:\n%s", output.String())
	}
}

type message struct {
	at   token.Position
	text string
}

// wireMessages splits what wire printed into messages; lines that begin with a tab
// go on with the one before.
func wireMessages(output string) (all []message) {
	for line := range strings.Lines(output) {
		line = strings.TrimRight(line, "\r\n")
		if match := wireMessage.FindStringSubmatch(line); match != nil {
			row, _ := strconv.Atoi(match[2])
			column, _ := strconv.Atoi(match[3])
			all = append(all, message{token.Position{Filename: match[1], Line: row, Column: column}, match[4]})
		} else if len(all) > 0 && strings.HasPrefix(line, "\t") {
			all[len(all)-1].text += "\n" + line
		}
	}
	return all
}
