// Package examples tests what the README shows. The programs in the folders below
// have tests of their own.
package examples

import (
	"bufio"
	"bytes"
	"context"
	"go/format"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

// readme is what the test takes from README.md.
type readme struct {
	files    map[string]string // the program's files, by their path
	commands [][]string        // the block of language sh, a command a line
	answers  []string          // what the block of curl commands says they print
}

var (
	// fileBlock is a block whose file's path stands in backquotes at the beginning
	// of the paragraph before.
	fileBlock    = regexp.MustCompile("(?ms)^`([a-z0-9_./]+)`[^`].*?^```[a-z]+\n(.*?)^```$")
	commandBlock = regexp.MustCompile("(?ms)^```sh\n(.*?)^```$")
	curlBlock    = regexp.MustCompile("(?ms)^```console\n\\$ curl (.*?)^```$")
)

func readReadme(t *testing.T) readme {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	out := readme{files: map[string]string{}}
	for _, match := range fileBlock.FindAllStringSubmatch(string(text), -1) {
		out.files[match[1]] = match[2]
		if filepath.Ext(match[1]) != ".go" {
			continue
		}
		if formatted, err := format.Source([]byte(match[2])); err != nil || string(formatted) != match[2] {
			t.Errorf("README.md: %s is not as gofmt writes it: %v", match[1], err)
		}
	}
	commands := commandBlock.FindStringSubmatch(string(text))
	curl := curlBlock.FindStringSubmatch(string(text))
	if commands == nil || curl == nil {
		t.Fatal("README.md has no block of language sh, or none of curl commands")
	}
	for line := range strings.Lines(commands[1]) {
		out.commands = append(out.commands, strings.Fields(line))
	}
	for line := range strings.Lines(curl[1]) {
		if !strings.HasPrefix(line, "$") && !strings.HasPrefix(line, "-") {
			out.answers = append(out.answers, line)
		}
	}
	return out
}

// TestReadmeProgramWorksWhenPasted makes the README's program in an empty folder
// beside a checkout, with the README's commands, and asks it what the README asks.
func TestReadmeProgramWorksWhenPasted(t *testing.T) {
	readme := readReadme(t)
	for _, name := range []string{"main.go", "sqlc.yaml", "schema/schema.go", "schema/tenant/00001_notes.sql", "queries/tenant/notes.sql"} {
		if readme.files[name] == "" {
			t.Fatalf("README.md shows no %s; it shows %d files", name, len(readme.files))
		}
	}
	parent := t.TempDir()
	checkout, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(checkout, filepath.Join(parent, "silo")); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(parent, "notes")
	for name, content := range readme.files {
		write(t, filepath.Join(folder, filepath.FromSlash(name)), content)
	}
	// The sums of what the checkout uses: with them, nothing need be asked of the
	// network that the checkout's own build has not asked.
	sums, err := os.ReadFile(filepath.Join(checkout, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(folder, "go.sum"), string(sums))
	write(t, filepath.Join(folder, "tools", "go.sum"), string(sums))

	last := len(readme.commands) - 1
	for _, command := range readme.commands[:last] {
		switch command[0] {
		case "go":
			run(t, folder, command)
		case "mkdir":
			if err := os.MkdirAll(filepath.Join(folder, command[1]), 0o755); err != nil {
				t.Fatal(err)
			}
		case "cp":
			content, err := os.ReadFile(filepath.Join(folder, command[1]))
			if err != nil {
				t.Fatal(err)
			}
			write(t, filepath.Join(folder, filepath.FromSlash(command[2])), string(content))
		default:
			t.Fatalf("the README has the command %q, which this test does not know", command)
		}
	}
	if got, want := strings.Join(readme.commands[last], " "), "go run ."; got != want {
		t.Fatalf("the last command is %q, want %q", got, want)
	}
	run(t, folder, []string{"go", "vet", "./..."})
	run(t, folder, []string{"go", "generate", "./..."})
	run(t, folder, []string{"go", "tool", "-modfile=tools/go.mod", "silo", "generate", "--check"})

	base := start(t, folder)
	if len(readme.answers) != 2 {
		t.Fatalf("the README shows the answers %q, want those of two commands", readme.answers)
	}
	if got, want := ask(t, base, "acme", url.Values{"body": {"hello"}}), readme.answers[0]; got != want {
		t.Errorf("the first curl prints %q, the README says %q", got, want)
	}
	if got, want := ask(t, base, "globex", nil), readme.answers[1]; got != want {
		t.Errorf("the second curl prints %q, the README says %q", got, want)
	}
	if got, want := ask(t, base, "acme", nil), readme.answers[0]; got != want {
		t.Errorf("read again: %q, want %q", got, want)
	}
	// An operator's command counts in the service that runs.
	run(t, folder, []string{"go", "tool", "-modfile=tools/go.mod", "silo", "tenants", "suspend", "acme", "--reason=unpaid", "--data=data", "--schema=schema/tenant"})
	if got := ask(t, base, "acme", nil); !strings.Contains(got, "urn:silo:suspended") || !strings.Contains(got, "unpaid") {
		t.Errorf("once it is suspended: %q", got)
	}
	// What the documents show beside it is of the same program.
	addBlocks(t, folder)
	run(t, folder, []string{"go", "mod", "tidy"})
	run(t, folder, []string{"go", "vet", "./..."})
	run(t, folder, []string{"go", "test", "./..."})
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// inFolder returns a command that runs in the new module, untouched by flags that
// are set for this one.
func inFolder(ctx context.Context, folder string, command []string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off", "PWD="+folder)
	return cmd
}

func run(t *testing.T, folder string, command []string) {
	t.Helper()
	if out, err := inFolder(t.Context(), folder, command).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(command, " "), err, out)
	}
}

// start builds and starts the program on a free port until the test ends. It returns
// the program's URL.
func start(t *testing.T, folder string) (base string) {
	t.Helper()
	binary := filepath.Join(folder, "notes")
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	run(t, folder, []string{"go", "build", "-o", binary, "."})
	cmd := inFolder(t.Context(), folder, []string{binary, "-addr", "127.0.0.1:0"})
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(stderr)
	line, err := lines.ReadString('\n')
	// What else it logs is read to the end, so that it is never held up.
	var rest bytes.Buffer
	logged := make(chan struct{})
	go func() {
		defer close(logged)
		_, _ = io.Copy(&rest, lines)
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-logged
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("the program's log:\n%s%s", line, &rest)
		}
	})
	_, address, ok := strings.Cut(strings.TrimSpace(line), "listening on ")
	if err != nil || !ok {
		t.Fatalf("the program says %q, %v; want where it listens", line, err)
	}
	return "http://" + address + "/notes"
}

// ask sends a form, or without one a GET, and returns the answer.
func ask(t *testing.T, base, tenant string, form url.Values) string {
	t.Helper()
	method := http.MethodGet
	if form != nil {
		method = http.MethodPost
	}
	request, err := http.NewRequestWithContext(t.Context(), method, base, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Host = tenant + ".localhost"
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(answer)
}
