package cli_test

import (
	"bufio"
	"bytes"
	"context"
	"debug/elf"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/silokit/silo/cmd/internal/scaffold"
)

// maxBinary is the most bytes of a new service's binary.
const maxBinary = 30 << 20

// nobody is the user that a service runs as where the test may choose.
const nobody = 65534

// TestANewServiceGrowsAndServesFromAnEmptyRoot makes a service, fills a tenant with more than fits
// into SQLite's cache, and gives the service a second migration, which updates and indexes all of
// that, and a query that sorts it. The binary serves from a root folder that holds it and the data
// folder alone, as a user that can write to nothing else: SQLite finds no place for temporary files.
// So does that of each other resolver, on a copy of the data.
func TestANewServiceGrowsAndServesFromAnEmptyRoot(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "notes") // of all, so that most is compiled once
	silo(t, filepath.Dir(folder), "new", "notes")
	silo(t, folder, "generate", "--check", "--strict")
	run(t, folder, "go", "tool", "-modfile=tools/go.mod", "wire", "diff", "./internal/app", "./internal/httpapi")

	before := newRoot(t)
	before.install(t, folder)
	acme := before.seed(t)
	before.measureStarts(t, acme)
	s := before.serve(t)
	note := `{"body": "` + strings.Repeat("lorem ipsum ", 5_000) + `"}`
	for range 200 { // 12 MB; a connection's cache has half of one
		s.call(t, acme, http.MethodPost, note)
	}
	s.stop(t)

	for _, resolver := range scaffold.Resolvers {
		t.Run(string(resolver), func(t *testing.T) {
			if err := os.RemoveAll(folder); err != nil {
				t.Fatal(err)
			}
			silo(t, filepath.Dir(folder), "new", "notes", "--resolver", string(resolver))
			grow(t, folder)
			root := before.copied(t)
			root.install(t, folder)
			acme := root.seed(t)
			s := root.serve(t)
			wantGrown(t, s.call(t, acme, http.MethodGet, ""))
			s.stop(t)
			root.requireNothingElse(t)
		})
	}
}

// grow gives the service a migration that updates and indexes all notes, and a query that sorts them.
func grow(t *testing.T, folder string) {
	t.Helper()
	edit(t, filepath.Join(folder, "schema", "tenant", "00002_words.sql"), "", `-- +goose Up
ALTER TABLE notes ADD COLUMN words INTEGER NOT NULL DEFAULT 0;
UPDATE notes SET words = length(body) - length(replace(body, ' ', '')) + 1, body = upper(body) || id;
CREATE INDEX notes_by_body ON notes (body, words);
`)
	edit(t, filepath.Join(folder, "queries", "tenant", "notes.sql"), "SELECT * FROM notes ORDER BY id DESC",
		"-- @scan ok\nSELECT * FROM notes ORDER BY lower(body) DESC, id")
	silo(t, folder, "generate")
}

// wantGrown requires that the notes are those that the grown service makes of those before.
func wantGrown(t *testing.T, answer []byte) {
	t.Helper()
	var notes []struct {
		Body  string
		Words int
	}
	if err := json.Unmarshal(answer, &notes); err != nil {
		t.Fatal(err)
	}
	if len(notes) != 100 || notes[0].Words != 5 || notes[1].Words != 10_000 || !strings.HasPrefix(notes[1].Body, "LOREM IPSUM ") {
		t.Errorf("there are %d notes, of which the first is %+v", len(notes), notes[:min(1, len(notes))])
	}
}

// silo runs this test's binary as silo.
func silo(t *testing.T, folder string, args ...string) {
	t.Helper()
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv(asSilo, "1")
	run(t, folder, append([]string{executable}, args...)...)
}

// run runs a command in a folder, without a network.
func run(t *testing.T, folder string, command ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), command[0], command[1:]...)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "GOPROXY=off", "GOFLAGS=", "GOWORK=off", "PWD="+folder)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(command, " "), err, out)
	}
}

// edit replaces a text in a file, or makes the file of it.
func edit(t *testing.T, name, from, to string) {
	t.Helper()
	text, err := os.ReadFile(name)
	switch {
	case from == "" && errors.Is(err, fs.ErrNotExist):
		text = []byte(to)
	case err != nil || bytes.Count(text, []byte(from)) != 1:
		t.Fatalf("%s: %v, want a file with %q in it", name, err, from)
	default:
		text = bytes.Replace(text, []byte(from), []byte(to), 1)
	}
	if err := os.WriteFile(name, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// rootFolder is what a service has for its root: its binary, and a folder for its data. Only
// root may change the root of a process; for others the service runs in the folder.
type rootFolder struct {
	dir      string
	settings []string // of the service, for development
}

func newRoot(t *testing.T) *rootFolder {
	t.Helper()
	r := &rootFolder{dir: t.TempDir()}
	if err := os.Mkdir(r.data(), 0o700); err != nil {
		t.Fatal(err)
	}
	r.give(t)
	return r
}

func (r *rootFolder) data() string { return filepath.Join(r.dir, "data") }

// copied returns a root with a copy of the data, which nobody has open.
func (r *rootFolder) copied(t *testing.T) *rootFolder {
	t.Helper()
	other := &rootFolder{dir: t.TempDir()}
	if err := os.CopyFS(other.data(), os.DirFS(r.data())); err != nil {
		t.Fatal(err)
	}
	other.give(t)
	return other
}

// give gives the data to the user that the service runs as, and nobody the right to add to the root.
func (r *rootFolder) give(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		return
	}
	err := filepath.WalkDir(r.data(), func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() {
			err = os.Chmod(path, 0o700)
		}
		return errors.Join(err, os.Chown(path, nobody, nobody))
	})
	if err = errors.Join(err, os.Chmod(r.dir, 0o555)); err != nil {
		t.Fatal(err)
	}
}

// install builds the service and puts its binary into the root, which must be static and not
// too large, and takes what its resolver is told for development.
func (r *rootFolder) install(t *testing.T, folder string) {
	t.Helper()
	run(t, folder, "make", "build")
	binary, err := os.ReadFile(filepath.Join(folder, "bin", "notes"))
	if err != nil {
		t.Fatal(err)
	}
	file, err := elf.NewFile(bytes.NewReader(binary))
	if err != nil {
		t.Fatal(err)
	}
	for _, program := range file.Progs {
		if program.Type == elf.PT_INTERP || program.Type == elf.PT_DYNAMIC {
			t.Errorf("the binary is not static: it has a part of type %v", program.Type)
		}
	}
	t.Logf("the binary has %d bytes", len(binary))
	if len(binary) > maxBinary {
		t.Errorf("the binary has %d bytes, %d are the most", len(binary), maxBinary)
	}
	place := filepath.Join(r.dir, "notes")
	if err := os.Remove(place); err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	if err := errors.Join(os.WriteFile(place, binary, 0o600), os.Chmod(place, 0o555)); err != nil {
		t.Fatal(err)
	}
	settings, err := os.ReadFile(filepath.Join(folder, "dev.env"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(settings)) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "NOTES_JWT_") {
			r.settings = append(r.settings, line)
		}
	}
}

// program returns the service, not yet started.
func (r *rootFolder) program(args ...string) *exec.Cmd {
	cmd := exec.Command("/notes", args...)
	cmd.Env = append([]string{"NOTES_ADDR=127.0.0.1:0", "NOTES_DATA=/data", "NOTES_MAX_BODY=1000000"}, r.settings...)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: r.dir, Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	if os.Geteuid() != 0 {
		cmd.Path, cmd.Dir, cmd.SysProcAttr = filepath.Join(r.dir, "notes"), r.dir, nil
		cmd.Env[1] = "NOTES_DATA=" + r.data()
	}
	return cmd
}

// access is what a request needs that is acme's.
type access struct{ Tenant, URL, Header string }

// seed makes the tenants, and returns how acme is reached.
func (r *rootFolder) seed(t *testing.T) access {
	t.Helper()
	cmd := r.program("seed", "--json")
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	var all []access
	if err = errors.Join(err, json.Unmarshal(out, &all)); err != nil || all[0].Tenant != "acme" {
		t.Fatalf("seed: %v, %s\n%s", err, out, &said)
	}
	return all[0]
}

// measureStarts logs how long it takes from the start of the process to the first answered request,
// of a tenant whose file has to be opened.
func (r *rootFolder) measureStarts(t *testing.T, acme access) {
	t.Helper()
	least := time.Hour
	for range 5 {
		s := r.serve(t)
		s.call(t, acme, http.MethodGet, "")
		least = min(least, time.Since(s.begun))
		s.stop(t)
	}
	t.Logf("from the start to the first answered request: %v, the least of 5", least)
}

// requireNothingElse fails the test if there is more in the root than its binary and its data.
func (r *rootFolder) requireNothingElse(t *testing.T) {
	t.Helper()
	entries, err := os.ReadDir(r.dir)
	if err != nil || len(entries) != 2 || entries[0].Name() != "data" || entries[1].Name() != "notes" {
		t.Errorf("in the root there is %v, %v; want data and notes", entries, err)
	}
}

// serving is a service that runs.
type serving struct {
	begun  time.Time
	client http.Client
	cmd    *exec.Cmd
	log    *bytes.Buffer
}

func (r *rootFolder) serve(t *testing.T) *serving {
	t.Helper()
	s := &serving{begun: time.Now(), cmd: r.program("serve"), log: new(bytes.Buffer)}
	s.cmd.Stderr = s.log
	stdout, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = s.cmd.Process.Kill() // it has ended, unless the test fails
		if t.Failed() {
			t.Logf("the service's log:\n%s", s.log)
		}
	})
	line, err := bufio.NewReader(stdout).ReadString('\n')
	address, ok := strings.CutPrefix(strings.TrimSpace(line), "listening on http://")
	if err != nil || !ok {
		_ = s.cmd.Wait()
		t.Fatalf("the service says %q, %v; want where it listens\n%s", line, err, s.log)
	}
	// The connection goes to the service whatever the URL's host is.
	s.client.Transport = &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, address)
	}}
	return s
}

// call lists the notes, or adds one, and returns the answer.
func (s *serving) call(t *testing.T, acme access, method, body string) []byte {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, acme.URL+"/notes", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	name, value, _ := strings.Cut(acme.Header, ": ")
	r.Header.Set(name, value)
	response, err := s.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode >= http.StatusMultipleChoices {
		t.Fatalf("%s: %s, %v: %.200s", method, response.Status, err, answer)
	}
	return answer
}

// stop has the service drain, and waits until it has ended well.
func (s *serving) stop(t *testing.T) {
	t.Helper()
	s.client.CloseIdleConnections()
	if err := errors.Join(s.cmd.Process.Signal(syscall.SIGTERM), s.cmd.Wait()); err != nil {
		t.Errorf("the service ended with %v", err)
	}
}
