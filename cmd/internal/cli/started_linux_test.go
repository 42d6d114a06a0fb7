package cli_test

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// walk is docs/getting-started.md as one script, and what each of its parts is to print.
type walk struct {
	script  strings.Builder
	prints  map[int]string // by the part's number
	parts   int
	service bool // whether it was started before
}

var (
	fenced = regexp.MustCompile("(?ms)^```(\\w+)\n(.*?)^```$")
	// named is the path of a file, at the beginning of the paragraph before its block.
	named = regexp.MustCompile("(?m)^`([a-zA-Z0-9_./]+)`,[^\n]*\n\n$")
)

// between is printed after each part. No program prints it.
const between = "\x1e"

const (
	// serveTwice ends the service that runs.
	serveTwice = "kill $service; wait $service\n"

	// serveOnce waits until it answers.
	serveOnce = `notes serve >>"$log" 2>&1 &
service=$!
until curl -s -o "$log.health" "http://$NOTES_ADDR/healthz"; do kill -0 $service; done
`
)

func readWalk(t *testing.T, address string) *walk {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "getting-started.md"))
	if err != nil {
		t.Fatal(err)
	}
	document := strings.ReplaceAll(string(text), "127.0.0.1:8080", address)
	w := &walk{prints: map[int]string{}}
	w.script.WriteString("set -euo pipefail\nservice=\nlog=$PWD/log\ntrap '[ -z \"$service\" ] || kill -9 $service' EXIT\n")
	for _, at := range fenced.FindAllStringSubmatchIndex(document, -1) {
		w.add(t, document[:at[0]], document[at[2]:at[3]], document[at[4]:at[5]])
	}
	w.script.WriteString("kill $service; wait $service; service=\n")
	return w
}

// add adds a block, which stands behind a text.
func (w *walk) add(t *testing.T, before, language, block string) {
	t.Helper()
	switch path := named.FindStringSubmatch(before[strings.LastIndex(strings.TrimRight(before, "\n"), "\n")+1:]); {
	case language == "text":
		w.prints[w.parts] = block
	case language == "diff":
		fmt.Fprintf(&w.script, "git apply - <<'%s'\n%s%[1]s\n", "END-OF-BLOCK", block)
	case language == "sh" && block == "notes serve\n":
		if w.service {
			w.script.WriteString(serveTwice)
		}
		w.service = true
		w.script.WriteString(serveOnce)
	case language == "sh":
		w.parts++
		w.script.WriteString(block + "printf '" + between + "'\n")
	case path != nil:
		fmt.Fprintf(&w.script, "cat >%s <<'%s'\n%s%[2]s\n", path[1], "END-OF-BLOCK", block)
	default:
		t.Fatalf("docs/getting-started.md has a block of %s that is no file:\n%s", language, block)
	}
}

func TestWhatTheGuideToGetStartedSaysHappens(t *testing.T) {
	for _, program := range []string{"bash", "curl", "git", "make"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip(program + ", which the guide or this test uses, is not installed")
		}
	}
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	shim := filepath.Join(folder, "silo")
	if err := os.WriteFile(shim, []byte("#!/bin/sh\n"+asSilo+"=1 exec "+executable+" \"$@\"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	// The service is told its port and started twice, so it has an address of this process's: of the one that all
	// others use, somebody may have taken the port by then.
	pid := os.Getpid()
	listener, err := net.Listen("tcp", fmt.Sprintf("127.%d.%d.%d:0", 64+pid>>16&63, pid>>8&255, pid&255))
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	w := readWalk(t, address)
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "bash", "-c", w.script.String())
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "GOPROXY=off", "GOFLAGS=", "GOWORK=off", "PWD="+folder, "NOTES_ADDR="+address,
		"PATH="+folder+string(os.PathListSeparator)+os.Getenv("PATH"))
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		log, _ := os.ReadFile(filepath.Join(folder, "log"))
		t.Fatalf("%v\n%s\n%s\nthe service's log:\n%s", err, &out, &said, log)
	}
	printed := strings.Split(out.String(), between)
	if w.parts < 8 || len(printed) != w.parts+1 {
		t.Fatalf("%d parts have printed something, of %d", len(printed)-1, w.parts)
	}
	for part, want := range w.prints {
		pattern := "^" + strings.ReplaceAll(regexp.QuoteMeta(strings.TrimSpace(want)), "…", ".*") + "$"
		if got := strings.TrimSpace(printed[part-1]); !regexp.MustCompile("(?s)" + pattern).MatchString(got) {
			t.Errorf("part %d prints\n%s\nand the guide says\n%s", part, got, want)
		}
	}
}
