package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// wrongProgram runs a tenant's query on the global database.
const wrongProgram = `package main

import (
	"context"

	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
)

func audit(ctx context.Context, db *global.DB) error {
	_, err := tenant.New(db).ListAuditLog(ctx, 100)
	return err
}

func main() { _ = audit }
`

// wrongHandle has the compiler refuse a program.
func (d *demo) wrongHandle(ctx context.Context) error {
	d.title("A query on the wrong database does not compile")
	file := filepath.Join(d.temp, "wrong.go")
	if err := os.WriteFile(file, []byte(wrongProgram), 0o600); err != nil {
		return err
	}
	_, shown, _ := strings.Cut(wrongProgram, "\n\nfunc audit")
	shown, _, _ = strings.Cut(shown, "\n\n")
	d.say("  func audit%s\n\n  $ go build wrong.go", strings.ReplaceAll(shown, "\n", "\n  "))
	// The file is outside the module, but the go command runs inside: that is the
	// module whose packages it imports.
	out, err := goTool(ctx, "build", "-o", filepath.Join(d.temp, "wrong"), file).CombinedOutput()
	if err == nil {
		return errors.New("the program with the wrong handle compiles")
	}
	message := bytes.ReplaceAll(out, []byte(d.temp+string(filepath.Separator)), nil)
	d.say("  %s", strings.ReplaceAll(strings.TrimSpace(string(message)), "\n", "\n  "))
	for _, part := range []string{"have reads(global.Schema)", "want reads(tenant.Schema)"} {
		if !bytes.Contains(out, []byte(part)) {
			return fmt.Errorf("the compiler does not say %q", part)
		}
	}
	return nil
}
