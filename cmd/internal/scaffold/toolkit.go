package scaffold

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/sumdb/dirhash"

	"github.com/silokit/silo/templates"
)

// silo is the toolkit's module.
const silo = "github.com/silokit/silo"

// ErrToolkit is returned where it is not known which Silo a service is to be built with.
var ErrToolkit = errors.New("it is not known where Silo is")

// Toolkit is the Silo that a service is built with: a release, or a checkout.
type Toolkit struct {
	// Version is the release. That of a checkout is v0.0.0.
	Version string `json:"version"`

	// Sum is the hash of the release, as in go.sum.
	Sum string `json:"sum,omitempty"`

	// Dir is the absolute path of the checkout. Empty for a release.
	Dir string `json:"dir,omitempty"`
}

// Checkout returns the toolkit that is in a folder. What is none is ErrToolkit.
func Checkout(dir string) (Toolkit, error) {
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return Toolkit{}, err
	}
	t := Toolkit{Version: "v0.0.0", Dir: absolute}
	return t, t.check()
}

// FindToolkit returns the Silo that has made the running program: a release, if the go command
// has built it of one, and otherwise the checkout that it was built from. built is
// what the linker has recorded, and source the path of a file of Silo's module, two folders
// below its root, as the compiler has seen it: with -trimpath that is no path, and the
// checkout has to be named.
func FindToolkit(built *debug.BuildInfo, source string) (Toolkit, error) {
	if built != nil {
		for _, m := range append([]*debug.Module{&built.Main}, built.Deps...) {
			// A program that is built in a checkout has a version too, made of its commit, and no sum.
			if m.Path == silo && m.Replace == nil && m.Sum != "" {
				t := Toolkit{Version: m.Version, Sum: m.Sum}
				return t, t.check()
			}
		}
	}
	if !filepath.IsAbs(source) {
		return Toolkit{}, fmt.Errorf("%w: this program was built of a checkout that it does not remember (-trimpath)", ErrToolkit)
	}
	return Checkout(filepath.Dir(filepath.Dir(source)))
}

// check returns why a service cannot be built with the toolkit.
func (t Toolkit) check() error {
	if t.Dir == "" {
		if err := module.Check(silo, t.Version); err != nil || t.Sum == "" {
			return fmt.Errorf("%w: the release %q with the sum %q is none", ErrToolkit, t.Version, t.Sum)
		}
		return nil
	}
	text, err := os.ReadFile(filepath.Join(t.Dir, "go.mod"))
	switch {
	case err != nil:
		return fmt.Errorf("%w: the checkout is not there: %w", ErrToolkit, err)
	case modfile.ModulePath(text) != silo:
		return fmt.Errorf("%w: %s is no checkout of it", ErrToolkit, t.Dir)
	}
	return nil
}

// Replace is the line of go.mod by which a checkout is used, or empty. Its path is absolute: the
// same line is right in tools/go.mod, which the go command reads from two folders.
func (t Toolkit) Replace() string {
	if t.Dir == "" {
		return ""
	}
	return fmt.Sprintf("\nreplace %s => %s\n", silo, modfile.AutoQuote(filepath.ToSlash(t.Dir)))
}

// Sums are the lines of go.sum for a release, or empty. The hash of its go.mod is that of the
// copy in the templates, for the linker records the other alone.
func (t Toolkit) Sums() (string, error) {
	if t.Dir != "" {
		return "", nil
	}
	sum, err := dirhash.Hash1([]string{"go.mod"}, func(string) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(templates.GoMod)), nil
	})
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%[1]s %[2]s %[3]s\n%[1]s %[2]s/go.mod %[4]s\n", silo, t.Version, t.Sum, sum), nil
}
