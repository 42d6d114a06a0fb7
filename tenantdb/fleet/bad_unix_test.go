//go:build unix

package fleet_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/silokit/silo/tenantdb/internal/childtest"
)

// Three tenants that cannot be migrated, each for a reason of its own: the rest are done, the
// three are named with why and what to do, and after they are mended the run that is resumed
// does just those. A process of an ordinary user does it, for root may write to every file.
func TestThreeTenantsThatCannotBeMigratedCostTheOthersNothing(t *testing.T) {
	withoutRaceDetector(t)
	folder := withTwice(t, 9, 5)
	file := func(i int) string { return filepath.Join(folder, "tenants", name(i)+".db") }
	whole, err := os.ReadFile(file(2))
	if err != nil {
		t.Fatal(err)
	}
	corrupt := slices.Clone(whole)
	for i := 4096; i < len(corrupt) && i < 3*4096; i++ {
		corrupt[i] ^= 0x5a
	}
	err = errors.Join(os.WriteFile(file(2), corrupt, 0o600), os.Chmod(file(7), 0o400), giveToNobody(t, folder))
	if err != nil {
		t.Fatal(err)
	}
	lines := output(t, childtest.Command("migrate as a nobody", folder, "plain"))
	if len(lines) != 10 || lines[0] != "failed" {
		t.Fatalf("%q", lines)
	}
	for i, line := range lines[1:] {
		want := "done"
		says := ""
		switch i {
		case 2:
			want, says = "failed", "malformed"
		case 5:
			want, says = "failed", "UNIQUE constraint failed"
		case 7:
			want, says = "failed", "cannot be written"
		}
		parts := strings.Split(line, " | ")
		if parts[0] != name(i)+" "+want || !strings.Contains(line, says) || want == "failed" && (len(parts) != 3 || parts[2] == "") {
			t.Errorf("%s", line)
		}
	}
	mended := withTwice(t, 6)
	content, err := os.ReadFile(filepath.Join(mended, "tenants", name(5)+".db"))
	err = errors.Join(err, os.WriteFile(file(2), whole, 0o600), os.Chmod(file(7), 0o600), os.WriteFile(file(5), content, 0o600))
	if err != nil {
		t.Fatal(err)
	}
	lines = output(t, childtest.Command("migrate as a nobody", folder, "resume"))
	if len(lines) != 10 || lines[0] != "done" || strings.Count(strings.Join(lines, "\n"), " done |") != 9 {
		t.Errorf("resumed: %q", lines)
	}
}

// giveToNobody gives the folder to a user who is not root, who reaches it and the test binary,
// if this process is root's.
func giveToNobody(t *testing.T, folder string) error {
	t.Helper()
	if os.Getuid() != 0 {
		return nil
	}
	for _, path := range []string{folder, os.Args[0]} {
		for dir := filepath.Dir(path); dir != "/" && dir != os.TempDir(); dir = filepath.Dir(dir) {
			if err := os.Chmod(dir, 0o755); err != nil {
				return err
			}
		}
	}
	return filepath.WalkDir(folder, func(path string, _ os.DirEntry, err error) error {
		return errors.Join(err, os.Chown(path, nobody, nobody))
	})
}
