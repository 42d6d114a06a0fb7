package checkup

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/semver"
)

const (
	library = "github.com/silokit/silo"
	command = library + "/cmd/silo"
	engine  = "modernc.org/sqlite"

	// leastGo is the version of Go that the library needs, without its last number.
	leastGo = "1.26"

	// unfetchable is what SQLite's go.mod asks for and no proxy may have: without an exclude go mod tidy fails.
	unfetchable        = "github.com/google/pprof"
	unfetchableVersion = "v0.0.0-20261016150608-1facf8f91b50"
)

// checkGo looks whether the go command can build the module.
func (p *project) checkGo(ctx context.Context) error {
	if p.mod == nil {
		return nil
	}
	if p.mod.Go != nil && semver.Compare("v"+p.mod.Go.Version, "v"+leastGo) < 0 {
		p.add(Go, p.seen("go.mod"), "run go mod edit -go="+leastGo+".0", "it says go %s, and Silo needs Go %s", p.mod.Go.Version, leastGo)
	}
	cmd := exec.CommandContext(ctx, "go", "env", "GOVERSION")
	cmd.Dir = p.module
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		p.add(Go, p.seen("go.mod"), "install the version that go.mod asks for, or unset GOTOOLCHAIN", "the go command does not run here: %s", oneLine(said.String()))
		return nil
	case err != nil:
		p.add(Go, "", "install Go, and put it on PATH", "there is no go command: %v", err)
		return nil
	}
	version := strings.TrimPrefix(strings.Fields(string(out) + " ?")[0], "go")
	if p.mod.Go != nil && semver.IsValid("v"+version) && semver.Compare("v"+version, "v"+p.mod.Go.Version) < 0 {
		p.add(Go, p.seen("go.mod"), "install Go "+p.mod.Go.Version, "it says go %s, and the go command is %s", p.mod.Go.Version, version)
	}
	return nil
}

// checkModule looks whether go mod tidy can work on go.mod and tools/go.mod.
func (p *project) checkModule(context.Context) error {
	for _, name := range []string{"go.mod", "tools/go.mod"} {
		mod, err := p.parse(name)
		if err != nil || mod == nil {
			continue // said of go.mod already; that of the tools is looked at below
		}
		needs := slices.ContainsFunc(mod.Require, func(r *modfile.Require) bool { return r.Mod.Path == library || r.Mod.Path == engine })
		excluded := slices.ContainsFunc(mod.Exclude, func(e *modfile.Exclude) bool { return e.Mod.Path == unfetchable && e.Mod.Version == unfetchableVersion })
		if needs && !excluded {
			edit := "go mod edit -exclude=" + unfetchable + "@" + unfetchableVersion
			if name != "go.mod" {
				edit += " " + p.seen(name)
			}
			p.add(Module, p.seen(name), "run "+edit, "it does not exclude the version of %s that go mod tidy cannot fetch", unfetchable)
		}
	}
	return nil
}

// parse reads a file of the module as a go.mod. Without an error it is nil if there is none.
func (p *project) parse(name string) (*modfile.File, error) {
	data, err := os.ReadFile(filepath.Join(p.module, filepath.FromSlash(name)))
	if p.module == "" || errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return modfile.Parse(name, data, nil)
}

// checkTools looks whether everybody who works on the project generates with one version of silo, and that of the library.
func (p *project) checkTools(context.Context) error {
	if p.mod == nil || p.mod.Module == nil || p.mod.Module.Mod.Path == library {
		return nil // Silo itself
	}
	tools, err := p.parse("tools/go.mod")
	if err != nil {
		p.add(Tools, p.seen("tools/go.mod"), "mend it", "it cannot be read: %v", err)
		return nil
	}
	in, name := p.mod, "go.mod"
	if tools != nil && hasTool(tools) {
		in, name = tools, "tools/go.mod"
	}
	if !hasTool(in) {
		p.add(Tools, p.seen("tools/go.mod"), "run go get -tool -modfile=tools/go.mod "+command,
			"silo is no tool of go.mod or tools/go.mod, so whoever generates does it with the version that they have")
		return nil
	}
	used, generates := versionIn(p.mod), versionIn(in)
	if used != "" && used != generates {
		p.add(Tools, p.seen(name), "require one version in both", "it generates with silo %s, and go.mod has the library %s", generates, used)
	}
	if semver.IsValid(p.Version) && semver.IsValid(generates) && p.Version != generates {
		p.add(Tools, p.seen(name), "run it as go tool", "this is silo %s, and it has %s", p.Version, generates)
	}
	return nil
}

func hasTool(mod *modfile.File) bool {
	return slices.ContainsFunc(mod.Tool, func(t *modfile.Tool) bool { return t.Path == command })
}

// versionIn returns which library a go.mod has: a version, or the folder that replaces it; "" if it has none.
func versionIn(mod *modfile.File) string {
	for _, r := range mod.Replace {
		if r.Old.Path != library {
			continue
		}
		if r.New.Version != "" {
			return r.New.Path + "@" + r.New.Version
		}
		// From the folder of tools/go.mod the same one is seen as another.
		return "in " + filepath.Base(filepath.Clean(r.New.Path))
	}
	for _, r := range mod.Require {
		if r.Mod.Path == library {
			return r.Mod.Version
		}
	}
	return ""
}

// oneLine returns the first line of what a command said.
func oneLine(said string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(said), "\n")
	return line
}
