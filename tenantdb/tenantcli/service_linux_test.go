package tenantcli_test

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/silokit/silo/tenantdb/tenantcli"
)

// serving runs app serve in the folder until stop is called.
func serving(t *testing.T, folder string, args ...string) (stop func()) {
	t.Helper()
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), executable, append([]string{"serve"}, args...)...)
	cmd.Dir, cmd.Env, cmd.Stderr = folder, append(os.Environ(), asApp+"=1"), os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "serving\n" {
		t.Fatalf("the service says %q, %v", line, err)
	}
	return func() {
		if err := in.Close(); err != nil {
			t.Error(err)
		}
		_, _ = io.Copy(io.Discard, out)
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	}
}

func TestCommandsRunWhileAServiceHasATenantOpen(t *testing.T) {
	folder := t.TempDir()
	mustRun(t, folder, "tenants", "create", "--init", "acme")
	mustRun(t, folder, "seed", "acme", "mail")
	stop := serving(t, folder, "acme")
	for _, args := range []string{
		"tenants list", "tenants show acme", "backup acme", "tenants export acme acme.tar", "tenants clone acme copy",
		"tenants suspend acme", "tenants resume acme", "backup --global", "backups verify", "doctor --deep",
	} {
		mustRun(t, folder, strings.Fields(args)...)
	}
	out, code := tryRun(t, folder, "restore", "--global", "--yes")
	if code != tenantcli.ExitError || !strings.Contains(out, "next: stop the services") {
		t.Errorf("exit code %d: %s", code, out)
	}
	for _, args := range []string{ // the service closes the tenant in half a second, unless it is kept from going on
		"restore acme --yes --wait 1m", "tenants delete acme --yes --wait 1m", "tenants undelete acme", "tenants erase acme --confirm=acme --wait 1m",
	} {
		mustRun(t, folder, strings.Fields(args)...)
	}
	stop()
	mustRun(t, folder, "restore", "--global", "--yes")
}

func TestCommandsThatNeedATenantAloneSayWhatToDoWhileItIsUsed(t *testing.T) {
	folder := t.TempDir()
	mustRun(t, folder, "tenants", "create", "--init", "acme")
	mustRun(t, folder, "backup", "acme")
	stop := serving(t, folder, "acme", "busy")
	defer stop()
	for _, args := range []string{"tenants delete acme --yes", "restore acme --yes", "tenants erase acme --confirm=acme"} {
		out, code := tryRun(t, folder, append(strings.Fields(args), "--wait", "100ms")...)
		if code != tenantcli.ExitError || !strings.Contains(out, "another process has the tenant open") || !strings.Contains(out, "next: end what uses it there") {
			t.Errorf("%s: exit code %d: %s", args, code, out)
		}
		if list := mustRun(t, folder, "tenants", "list"); !strings.Contains(list, "acme                      active") {
			t.Errorf("after %s the tenants are %q", args, list)
		}
	}
}
