package scaffold

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// unitOf returns the systemd unit of a new service.
func unitOf(t *testing.T, s Service) string {
	t.Helper()
	for _, file := range mustRender(t, s) {
		if file.Path == "deploy/notes.service" {
			return string(file.Contents)
		}
	}
	t.Fatal("there is no deploy/notes.service")
	return ""
}

// Commands run beside the service, as its user: so that has to be a user that is there, and its folder one that it can
// reach. A dynamic user's is below /var/lib/private.
func TestTheUnitRunsAsAUserThatCommandsCanRunAs(t *testing.T) {
	unit := unitOf(t, notes(t))
	if !strings.Contains(unit, "\nUser=notes\n") || strings.Contains(unit, "\nDynamicUser=") {
		t.Errorf("the unit names no user whom commands can run as:\n%s", unit)
	}
	if !strings.Contains(unit, "\nStateDirectory=notes\n") || !strings.Contains(unit, "NOTES_DATA=/var/lib/notes\n") {
		t.Errorf("the data are not in the unit's own folder:\n%s", unit)
	}
}

func TestSystemdTakesTheUnitOfANewService(t *testing.T) {
	if _, err := exec.LookPath("systemd-analyze"); err != nil {
		t.Skip("systemd-analyze, which checks units, is not installed")
	}
	folder := t.TempDir()
	program, file := filepath.Join(folder, "notes"), filepath.Join(folder, "notes.service")
	unit := strings.ReplaceAll(unitOf(t, notes(t)), "/usr/local/bin/notes", program)
	if err := os.WriteFile(program, nil, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(unit), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "systemd-analyze", "verify", "--man=no", file).CombinedOutput()
	if err != nil || bytes.Contains(out, []byte("notes.service")) {
		t.Errorf("systemd-analyze verify: %v\n%s", err, out)
	}
}
