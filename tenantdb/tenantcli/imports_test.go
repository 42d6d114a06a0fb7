package tenantcli_test

import (
	"os/exec"
	"strings"
	"testing"
)

// Who uses the library alone compiles none of what a command line needs.
func TestTheLibraryDoesNotImportWhatTheCommandsNeed(t *testing.T) {
	const module = "github.com/silokit/silo/tenantdb"
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", module, module+"/catalog", module+"/lifecycle").Output()
	if err != nil {
		t.Fatal(err)
	}
	packages := strings.Fields(string(out))
	if len(packages) < 20 {
		t.Fatalf("go list names %d packages: %s", len(packages), out)
	}
	for _, path := range packages {
		for _, refused := range []string{"github.com/spf13/", "github.com/schollz/", "golang.org/x/term", module + "/tenantcli"} {
			if strings.HasPrefix(path, refused) {
				t.Errorf("the library imports %s", path)
			}
		}
	}
}
