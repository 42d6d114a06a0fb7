package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/silokit/silo/examples/service/internal/config"
	"github.com/silokit/silo/examples/service/internal/edge"
)

// asProgram says, in the environment, that the test binary is to be the program.
const asProgram = "TEST_AS_PROGRAM"

// As the program it is told to stop by the end of its input: not every system has signals to send.
func TestMain(m *testing.M) {
	if os.Getenv(asProgram) == "" {
		os.Exit(m.Run())
	}
	ctx, stop := context.WithCancel(context.Background())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		stop()
	}()
	os.Exit(run(ctx))
}

// program returns the program on a data folder, with the settings of dev.env, not yet started, and
// what tells it to stop.
func program(t *testing.T, data string, args ...string) (cmd *exec.Cmd, stop io.Closer) {
	t.Helper()
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd = exec.Command(executable, args...) // the test's context ends before its cleanup
	if stop, err = cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	cmd.Env = append(os.Environ(), asProgram+"=1")
	settings, err := os.ReadFile(filepath.Join("..", "..", "dev.env"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(settings)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			cmd.Env = append(cmd.Env, line)
		}
	}
	cmd.Env = append(cmd.Env, config.Prefix+"ADDR=127.0.0.1:0", config.Prefix+"DATA="+data)
	return cmd, stop
}

// output runs the program to its end and returns what it prints.
func output(t *testing.T, data string, args ...string) []byte {
	t.Helper()
	cmd, _ := program(t, data, args...)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v\n%s", args, err, &said)
	}
	return out
}

// service is the program, serving.
type service struct {
	addr string
	stop func() error // tells it to stop, waits, and returns how it ended
}

func serve(t *testing.T, data string) *service {
	t.Helper()
	cmd, stop := program(t, data, "serve")
	var log bytes.Buffer
	cmd.Stderr = &log
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s := &service{stop: sync.OnceValue(func() error { return errors.Join(stop.Close(), cmd.Wait()) })}
	t.Cleanup(func() {
		if err := s.stop(); err != nil {
			t.Errorf("the service ended with %v", err)
		}
		if t.Failed() {
			t.Logf("the service's log:\n%s", &log)
		}
	})
	line, err := bufio.NewReader(stdout).ReadString('\n')
	addr, ok := strings.CutPrefix(strings.TrimSpace(line), "listening on http://")
	if err != nil || !ok {
		t.Fatalf("the service says %q, %v; want where it listens", line, err)
	}
	s.addr = addr
	return s
}

// call sends a request as somebody who may act for a tenant, and requires one of the statuses.
// The connection goes to the service whatever the URL's host is.
func (s *service) call(t *testing.T, as edge.Access, method, path, body string, statuses ...int) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, as.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if name, value, ok := strings.Cut(as.Header, ": "); ok {
		r.Header.Set(name, value)
	}
	transport := &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, s.addr)
	}}
	defer transport.CloseIdleConnections()
	response, err := (&http.Client{Transport: transport}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(statuses, response.StatusCode) {
		t.Fatalf("%s %s: status %d, want %d: %s", method, path, response.StatusCode, statuses, text)
	}
	return string(text)
}

// seed makes the tenants acme and globex, and returns how they are reached.
func seed(t *testing.T, data string) (acme, globex edge.Access) {
	t.Helper()
	var all []edge.Access
	if err := json.Unmarshal(output(t, data, "seed", "--json"), &all); err != nil || len(all) != 2 {
		t.Fatalf("seed: %v, %v; want two tenants", all, err)
	}
	return all[0], all[1]
}

func TestTheServiceFromSeedToRestart(t *testing.T) {
	data := t.TempDir()
	acme, globex := seed(t, data)
	first := serve(t, data)
	first.call(t, edge.Access{URL: "http://" + first.addr}, "GET", "/readyz", "", http.StatusNoContent)
	first.call(t, acme, "POST", "/notes", `{"body": "hello"}`, http.StatusCreated)
	for _, test := range []struct {
		as   edge.Access
		want string
		none string
	}{{acme, "hello", "globex"}, {globex, "The first note of globex", "hello"}} {
		got := first.call(t, test.as, "GET", "/notes", "", http.StatusOK)
		if !strings.Contains(got, test.want) || strings.Contains(got, test.none) {
			t.Errorf("the notes of %s: %s, want %q and not %q", test.as.Tenant, got, test.want, test.none)
		}
	}

	// What an operator does counts in the service that runs.
	output(t, data, "tenants", "suspend", "globex", "--reason", "unpaid")
	if got := first.call(t, globex, "GET", "/notes", "", http.StatusForbidden); !strings.Contains(got, "unpaid") {
		t.Errorf("once it is suspended: %s", got)
	}
	output(t, data, "backup", "--all")
	if err := first.stop(); err != nil {
		t.Fatal(err)
	}
	if got := strings.Fields(string(output(t, data, "totals"))); !slices.Equal(got, []string{"acme", "2", "globex", "1"}) {
		t.Errorf("the totals: %q", got)
	}
	// What the service was asked is recorded before it ends.
	if got := string(output(t, data, "top", "--json")); !strings.HasPrefix(got, `{"id":"acme",`) || strings.Contains(got, `"calls":0,`) {
		t.Errorf("the tenants by calls: %s", got)
	}

	acme, _ = seed(t, data) // again: the tenants stay as they are
	second := serve(t, data)
	if got := second.call(t, acme, "GET", "/notes", "", http.StatusOK); !strings.Contains(got, "hello") {
		t.Errorf("after the restart: %s", got)
	}
}

func TestSeedLeavesATenantThatWasMadeByHandAsItIs(t *testing.T) {
	data := t.TempDir()
	output(t, data, "tenants", "create", "acme", "--init")
	acme, globex := seed(t, data)
	s := serve(t, data)
	if got := s.call(t, acme, "GET", "/notes", "", http.StatusOK); got != "[]\n" {
		t.Errorf("the notes of the one that was there: %s", got)
	}
	if got := s.call(t, globex, "GET", "/notes", "", http.StatusOK); !strings.Contains(got, "The first note of globex") {
		t.Errorf("the notes of the other: %s", got)
	}
}

func TestNobodyIsServedWhoHasNotProvedATenant(t *testing.T) {
	data := t.TempDir()
	acme, globex := seed(t, data)
	s := serve(t, data)
	stranger := edge.Access{URL: acme.URL}
	if got := s.call(t, stranger, "GET", "/notes", "", http.StatusBadRequest, http.StatusUnauthorized); strings.Contains(got, "acme") {
		t.Errorf("the answer names a tenant: %s", got)
	}
	if crossed := (edge.Access{URL: acme.URL, Header: globex.Header}); acme.URL != globex.URL {
		s.call(t, crossed, "GET", "/notes", "", http.StatusNotFound)
	}
}

func TestATenantThatIsThereIsNotSeededButReached(t *testing.T) {
	data := t.TempDir()
	output(t, data, "tenants", "create", "acme", "--init")
	acme, globex := seed(t, data)
	s := serve(t, data)
	if got := s.call(t, acme, "GET", "/notes", "", http.StatusOK); got != "[]\n" {
		t.Errorf("the notes of acme: %s, want none", got)
	}
	s.call(t, globex, "GET", "/notes", "", http.StatusOK)
}

func TestWrongSettingsAreSaidBeforeAnythingIsOpened(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	cmd, _ := program(t, data, "serve")
	cmd.Env = append(cmd.Env, config.Prefix+"LOG_FORMAT=xml")
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 2 || !strings.Contains(string(out), "LOG_FORMAT") {
		t.Errorf("%v, want exit code 2 and the variable: %s", err, out)
	}
	if _, err := os.Stat(data); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the data folder: %v, want that it is not there", err)
	}
}
