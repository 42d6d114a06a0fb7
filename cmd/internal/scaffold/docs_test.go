package scaffold

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// TestTheHandWrittenWiringDoesWithoutWire puts what docs/scaffold.md shows in the place of what wire
// has written.
func TestTheHandWrittenWiringDoesWithoutWire(t *testing.T) {
	dependOnSilo(t)
	text, err := os.ReadFile(filepath.Join(checkout(t).Dir, "docs", "scaffold.md"))
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "notes")
	makeService(t, dir, notes(t))
	blocks := regexp.MustCompile("(?ms)^```go\n(package ([a-z]+)\n.*?)^```$").FindAllSubmatch(text, -1)
	if len(blocks) != 2 {
		t.Fatalf("docs/scaffold.md shows %d files of Go, want 2", len(blocks))
	}
	for _, block := range blocks {
		folder := filepath.Join(dir, "internal", string(block[2]))
		err := errors.Join(
			os.Remove(filepath.Join(folder, "wire.go")), os.Remove(filepath.Join(folder, "wire_gen.go")),
			os.WriteFile(filepath.Join(folder, "wiring.go"), block[1], 0o600),
		)
		if err != nil {
			t.Fatal(err)
		}
	}
	goCommand(t, dir, "test", "./cmd/notes")
}
