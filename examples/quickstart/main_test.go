package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/silokit/silo/gen/tenant"
)

// asProgram says, in the environment, that the test binary is to be the program.
const asProgram = "QUICKSTART_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// program returns the program with its arguments, not yet started.
func program(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(executable, args...) // the test's context ends before its cleanup
	cmd.Env = append(os.Environ(), asProgram+"=1")
	return cmd
}

// service is the program, running.
type service struct {
	url  string
	data string
	stop func() error // tells it to stop, waits, and returns how it ended
	log  *bytes.Buffer
}

// start runs the program on a free port until the test ends.
func start(t *testing.T, data string, more ...string) *service {
	t.Helper()
	cmd := program(t, append([]string{"-data", data, "-addr", "127.0.0.1:0"}, more...)...)
	s := &service{data: data, log: new(bytes.Buffer)}
	cmd.Stderr = s.log
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s.stop = sync.OnceValue(func() error {
		if runtime.GOOS == "windows" { // where processes cannot be interrupted
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
			return nil
		}
		return errors.Join(cmd.Process.Signal(os.Interrupt), cmd.Wait())
	})
	t.Cleanup(func() {
		if err := s.stop(); err != nil {
			t.Errorf("the service ended with %v", err)
		}
		if t.Failed() {
			t.Logf("the service's log:\n%s", s.log)
		}
	})
	line, err := bufio.NewReader(stdout).ReadString('\n')
	url, ok := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	if err != nil || !ok {
		t.Fatalf("the service says %q, %v; want where it listens", line, err)
	}
	s.url = url
	return s
}

// call sends a request, requires the status, and decodes the answer into out unless
// that is nil. Without a body the method is GET. It returns the answer's text.
func (s *service) call(t *testing.T, tenant, path, body string, status int, out any) string {
	t.Helper()
	method := http.MethodGet
	if body != "" {
		method = http.MethodPost
	}
	request, err := http.NewRequestWithContext(t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if tenant != "" {
		request.Header.Set("X-Tenant", tenant)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != status {
		t.Fatalf("%s %s of %q: status %d, want %d: %s", method, path, tenant, response.StatusCode, status, text)
	}
	if out != nil {
		if err := json.Unmarshal(text, out); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
	return string(text)
}

func TestEachTenantSeesItsOwnRowsOnly(t *testing.T) {
	s := start(t, t.TempDir())
	var ofAcme, ofGlobex string
	s.call(t, "acme", "/modules", "slug=mail&name=Mail+of+Acme", http.StatusOK, &ofAcme)
	s.call(t, "globex", "/modules", "slug=mail&name=Mail+of+Globex", http.StatusOK, &ofGlobex)

	for _, test := range []struct{ tenant, id, name string }{{"acme", ofAcme, "Mail of Acme"}, {"globex", ofGlobex, "Mail of Globex"}} {
		if id, err := uuid.Parse(test.id); err != nil || id.Version() != 7 {
			t.Errorf("the ID %q, %v; want a UUID of version 7", test.id, err)
		}
		var modules []tenant.Module
		s.call(t, test.tenant, "/modules", "", http.StatusOK, &modules)
		if len(modules) != 1 || modules[0].ID != test.id || modules[0].Name != test.name {
			t.Errorf("modules of %s: %v, want %s alone", test.tenant, modules, test.id)
		}
	}
}

func TestAModuleThatExistsIsRefused(t *testing.T) {
	s := start(t, t.TempDir())
	s.call(t, "acme", "/modules", "slug=mail&name=Mail", http.StatusOK, nil)
	s.call(t, "acme", "/modules", "slug=mail&name=Mail+again", http.StatusConflict, nil)
	var sum tenant.SummarizeRunsRow
	s.call(t, "acme", "/summary", "now", http.StatusOK, &sum)
	if sum.Total > 1 {
		t.Errorf("the refused module ran: %v", sum)
	}
}

func TestSummariesOfAllTenantsAreReadFromTheGlobalDatabase(t *testing.T) {
	s := start(t, t.TempDir())
	for name, slugs := range map[string][]string{"acme": {"mail", "calendar"}, "globex": {"mail"}} {
		for _, slug := range slugs {
			s.call(t, name, "/modules", "name=Module&slug="+slug, http.StatusOK, nil)
			s.call(t, name, "/summary", "now", http.StatusOK, nil) // replaces what was there
		}
	}
	var stats []struct {
		TenantID string
		Total    int64
	}
	s.call(t, "", "/stats", "", http.StatusOK, &stats)
	if got, want := fmt.Sprint(stats), "[{acme 2} {globex 1}]"; got != want {
		t.Errorf("stats %s, want %s", got, want)
	}
}

func TestDataIsThereAfterARestart(t *testing.T) {
	data := t.TempDir()
	first := start(t, data)
	first.call(t, "acme", "/modules", "slug=mail&name=Mail", http.StatusOK, nil)
	if err := first.stop(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"global.db", "tenants/acme.db", "tenants/globex.db"} {
		if _, err := os.Stat(filepath.Join(data, filepath.FromSlash(name))); err != nil {
			t.Error(err)
		}
		if runtime.GOOS == "windows" {
			continue // killed, not closed
		}
		// Closing a database moves its log into the file. One that was never open has none.
		log, err := os.Stat(filepath.Join(data, filepath.FromSlash(name)) + "-wal")
		if err == nil && log.Size() != 0 || err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s-wal after the stop: %v, %v, want that it is empty or not there", name, log, err)
		}
	}
	second := start(t, data)
	var modules []tenant.Module
	second.call(t, "acme", "/modules", "", http.StatusOK, &modules)
	if len(modules) != 1 || modules[0].Slug != "mail" {
		t.Errorf("modules %v, want mail", modules)
	}
}

func TestMistakesOfClientsAreAnsweredWithoutPaths(t *testing.T) {
	s := start(t, t.TempDir())
	tests := []struct {
		name, tenant, path, body string
		status                   int
		answer                   string
	}{
		{"no tenant", "", "/modules", "", 400, `{"type":"urn:silo:no-tenant","title":"Bad Request","status":400,"detail":"The request names no tenant."}`},
		{"another case", "Acme", "/modules", "", 404, unknown},
		{"a path", "../acme", "/modules", "", 404, unknown},
		{"a device", "con", "/modules", "", 404, unknown},
		{"unknown tenant", "initech", "/modules", "", 404, unknown},
		{"unknown tenant, writing", "initech", "/modules", "slug=mail&name=Mail", 404, unknown},
		{"unknown path", "acme", "/modules/1", "", 404, "404 page not found"},
		{"no form", "acme", "/modules", "slug=%", 409, conflict},
		{"a body without end", "acme", "/modules", "slug=" + strings.Repeat("a", 64<<10), 409, conflict},
		{"a value not allowed", "acme", "/modules", "slug=&name=Mail", 409, conflict},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := s.call(t, test.tenant, test.path, test.body, test.status, nil)
			if want := test.answer + "\n"; got != want {
				t.Errorf("answer %q, want %q", got, want)
			}
		})
	}
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(s.data, "tenants", "initech.db")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a request made the file of an unknown tenant: %v", err)
	}
}

func TestNobodyButTheProxySaysWhoseARequestIs(t *testing.T) {
	s := start(t, t.TempDir(), "-proxies", "192.0.2.1/32,2001:db8::1/128")
	for _, tenant := range []string{"acme", "initech"} {
		if got := s.call(t, tenant, "/modules", "", http.StatusNotFound, nil); got != unknown+"\n" {
			t.Errorf("%s: %q", tenant, got)
		}
	}
}

func TestFaultsAreLoggedAndAnsweredWithoutDetails(t *testing.T) {
	s := start(t, t.TempDir())
	// A file that is no database stands in for a damaged one.
	path := filepath.Join(s.data, "tenants", "damaged.db")
	if err := os.WriteFile(path, bytes.Repeat([]byte("no database"), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, want := s.call(t, "damaged", "/modules", "", http.StatusInternalServerError, nil), `{"title":"Internal Server Error","status":500}`+"\n"; got != want {
		t.Errorf("answer %q, want %q", got, want)
	}
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(s.log.String(), "damaged.db") {
		t.Errorf("the log does not say what failed: %s", s.log)
	}
}

func TestProgramSaysWhatIsWrongWithItsFlags(t *testing.T) {
	tests := []struct {
		name string
		args []string
		want string
	}{
		{"an unknown flag", []string{"-port", "80"}, "flag provided but not defined"},
		{"a folder that is a file", []string{"-data", os.Args[0]}, "Options.Path must be a folder"},
		{"proxies that are none", []string{"-data", t.TempDir(), "-proxies", "everybody"}, "-proxies names addresses"},
		{"no address", []string{"-data", t.TempDir(), "-addr", "nowhere"}, "missing port in address"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			output, err := program(t, test.args...).CombinedOutput()
			if err == nil || !strings.Contains(string(output), test.want) {
				t.Errorf("%v, want an error with %q: %s", err, test.want, output)
			}
		})
	}
}

const (
	unknown  = `{"type":"urn:silo:unknown-tenant","title":"Not Found","status":404,"detail":"There is no such tenant."}`
	conflict = `{"type":"urn:silo:conflict","title":"Conflict","status":409}`
)
