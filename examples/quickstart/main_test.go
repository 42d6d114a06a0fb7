package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
)

// service is the program, running.
type service struct {
	url  string
	data string
	stop func() error // tells it to stop, waits, and returns how it ended
	log  *bytes.Buffer
}

// start runs the program on a free port until the test ends.
func start(t *testing.T, data string) *service {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	stdout, write := io.Pipe()
	s := &service{data: data, log: new(bytes.Buffer)}
	ended := make(chan error, 1)
	go func() {
		err := run(ctx, []string{"-data", data, "-addr", "127.0.0.1:0"}, write, s.log)
		write.CloseWithError(fmt.Errorf("the service has ended: %w", errors.Join(io.EOF, err)))
		ended <- err
	}()
	s.stop = func() error {
		cancel()
		err, ok := <-ended
		if ok {
			close(ended)
		}
		return err
	}
	t.Cleanup(func() {
		if err := s.stop(); err != nil {
			t.Errorf("the service ended with %v", err)
		}
		if t.Failed() {
			t.Logf("the service's log:\n%s", s.log)
		}
	})
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	s.url = strings.TrimSpace(strings.TrimPrefix(line, "listening on "))
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
	var mail, calendar tenant.Module
	s.call(t, "acme", "/modules", `{"slug":"mail","name":"Mail of Acme"}`, http.StatusOK, &mail)
	s.call(t, "globex", "/modules", `{"slug":"mail","name":"Mail of Globex"}`, http.StatusOK, &calendar)

	for name, want := range map[string]tenant.Module{"acme": mail, "globex": calendar} {
		var got []tenant.Module
		s.call(t, name, "/modules", "", http.StatusOK, &got)
		if len(got) != 1 || got[0] != want {
			t.Errorf("modules of %s: %v, want %v alone", name, got, want)
		}
		var audit []tenant.AuditLog
		s.call(t, name, "/audit", "", http.StatusOK, &audit)
		if len(audit) != 1 || audit[0].SubjectID != want.ID {
			t.Errorf("audit log of %s: %v, want an entry about %s alone", name, audit, want.ID)
		}
	}
	// The ID of one tenant's row is of no use in another.
	s.call(t, "globex", "/modules/"+mail.ID+"/actions", `{"name":"send"}`, http.StatusNotFound, nil)
}

func TestAModuleThatIsRefusedLeavesNoAuditEntry(t *testing.T) {
	s := start(t, t.TempDir())
	s.call(t, "acme", "/modules", `{"slug":"mail","name":"Mail"}`, http.StatusOK, nil)
	s.call(t, "acme", "/modules", `{"slug":"mail","name":"Mail again"}`, http.StatusConflict, nil)
	var audit []tenant.AuditLog
	s.call(t, "acme", "/audit", "", http.StatusOK, &audit)
	if len(audit) != 1 {
		t.Errorf("audit log %v, want one entry", audit)
	}
}

func TestSummariesOfAllTenantsAreReadFromTheGlobalDatabase(t *testing.T) {
	s := start(t, t.TempDir())
	for name, runs := range map[string][]string{
		"acme":   {`{"TookMs":100}`, `{"TookMs":300}`, `{"TookMs":200,"Error":"no answer"}`},
		"globex": {`{"TookMs":50}`},
	} {
		var module tenant.Module
		var action tenant.Action
		s.call(t, name, "/modules", `{"slug":"mail","name":"Mail"}`, http.StatusOK, &module)
		s.call(t, name, "/modules/"+module.ID+"/actions", `{"name":"send"}`, http.StatusOK, &action)
		for _, run := range runs {
			s.call(t, name, "/actions/"+action.ID+"/runs", run, http.StatusOK, nil)
		}
		s.call(t, name, "/summary", "{}", http.StatusOK, nil)
		s.call(t, name, "/summary", "{}", http.StatusOK, nil) // replaces what was there
	}
	var stats []struct {
		TenantID         string
		Total, Succeeded int64
	}
	s.call(t, "", "/stats", "", http.StatusOK, &stats)
	if got, want := fmt.Sprint(stats), "[{acme 3 2} {globex 1 1}]"; got != want {
		t.Errorf("stats %s, want %s", got, want)
	}
}

func TestDataIsThereAfterARestart(t *testing.T) {
	data := t.TempDir()
	first := start(t, data)
	first.call(t, "acme", "/modules", `{"slug":"mail","name":"Mail"}`, http.StatusOK, nil)
	if err := first.stop(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"global.db", "tenants/acme.db", "tenants/globex.db"} {
		if _, err := os.Stat(filepath.Join(data, filepath.FromSlash(name))); err != nil {
			t.Error(err)
		}
		// Closing a database moves its log into the file.
		if _, err := os.Stat(filepath.Join(data, filepath.FromSlash(name)) + "-wal"); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s-wal after the stop: %v, want that it does not exist", name, err)
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
		{"no tenant", "", "/modules", "", 400, "the header X-Tenant names no tenant"},
		{"another case", "Acme", "/modules", "", 400, "the header X-Tenant names no tenant"},
		{"a path", "../acme", "/modules", "", 400, "the header X-Tenant names no tenant"},
		{"a device", "con", "/modules", "", 400, "the header X-Tenant names no tenant"},
		{"unknown tenant", "initech", "/modules", "", 404, "no such tenant"},
		{"unknown tenant, writing", "initech", "/modules", `{"slug":"mail","name":"Mail"}`, 404, "no such tenant"},
		{"no JSON", "acme", "/modules", `{"slug":`, 400, "the body is not the JSON that is expected"},
		{"a body without end", "acme", "/modules", `{"slug":"` + strings.Repeat("a", maxBody) + `"}`, 400, "the body is not the JSON that is expected"},
		{"a value not allowed", "acme", "/modules", `{"slug":"","name":"Mail"}`, 422, "the values are not allowed"},
		{"unknown module", "acme", "/modules/none/actions", `{"name":"send"}`, 404, "what this belongs to does not exist"},
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

func TestFaultsAreLoggedAndAnsweredWithoutDetails(t *testing.T) {
	var log bytes.Buffer
	s := &server{logger: slog.New(slog.NewTextHandler(&log, nil))}
	fault := &tenantdb.Error{Op: "open", Path: "/var/data/tenants/acme.db", Err: tenantdb.ErrCorrupt}
	recorder := httptest.NewRecorder()
	s.fail(recorder, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/modules", nil), fault)
	if recorder.Code != http.StatusInternalServerError || recorder.Body.String() != "internal error\n" {
		t.Errorf("answer %d %q, want 500 without details", recorder.Code, recorder.Body)
	}
	if !strings.Contains(log.String(), "/var/data/tenants/acme.db") {
		t.Errorf("the log does not say what failed: %s", &log)
	}
}

func TestProgramSaysWhatIsWrongWithItsFlags(t *testing.T) {
	tests := []struct {
		name string
		args []string
		want string
	}{
		{"an unknown flag", []string{"-port", "80"}, "flag provided but not defined"},
		{"a folder that is a file", []string{"-data", os.Args[0]}, "data folder"},
		{"no address", []string{"-data", t.TempDir(), "-addr", "nowhere"}, "missing port in address"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := run(t.Context(), test.args, io.Discard, io.Discard)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v, want an error with %q", err, test.want)
			}
		})
	}
}
