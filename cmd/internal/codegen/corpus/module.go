package corpus

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// writeModule makes a module of the folder that generated code lies in. It has the
// requirements of Silo's own module, so that nothing is downloaded.
func (b *bench) writeModule(stubs []string) error {
	checkout, err := filepath.Abs(b.Checkout)
	if err != nil {
		return err
	}
	own, err := os.ReadFile(filepath.Join(checkout, "go.mod"))
	if err != nil {
		return fmt.Errorf("%s is no checkout of Silo: %w", b.Checkout, err)
	}
	sums, err := os.ReadFile(filepath.Join(checkout, "go.sum"))
	if err != nil {
		return err
	}
	var text strings.Builder
	for line := range strings.Lines(string(own)) {
		switch {
		case strings.HasPrefix(line, "module "):
			fmt.Fprintf(&text, "module %s\n", moduleName)
		case strings.HasPrefix(line, "tool "):
		default:
			text.WriteString(line)
		}
	}
	fmt.Fprintf(&text, "\nrequire %s v0.0.0\n\nreplace %s => %q\n", siloModule, siloModule, checkout)
	for _, path := range stubs {
		fmt.Fprintf(&text, "\nrequire %s %s\n\nreplace %s => ./stubs/%s\n", path, stubVersion(path), path, path)
	}
	return writeFiles(b.Keep, map[string]string{"go.mod": text.String(), "go.sum": string(sums)})
}

const siloModule = "github.com/silokit/silo"

// stubVersion is a version that a module's path allows.
func stubVersion(path string) string {
	suffix := path[strings.LastIndexByte(path, '/')+1:]
	if dot := strings.LastIndexByte(suffix, '.'); dot >= 0 && strings.HasPrefix(path, "gopkg.in/") {
		suffix = suffix[dot+1:]
	}
	if major, ok := strings.CutPrefix(suffix, "v"); ok && major != "" && strings.Trim(major, "0123456789") == "" && major != "0" {
		return "v" + major + ".0.0"
	}
	return "v0.0.0"
}
