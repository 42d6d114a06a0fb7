package scaffold

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"

	"golang.org/x/mod/module"
	"golang.org/x/mod/sumdb/dirhash"
	modzip "golang.org/x/mod/zip"

	"github.com/silokit/silo/templates"
)

func TestTheToolkitIsTheOneThatHasMadeTheProgram(t *testing.T) {
	here := checkout(t)
	source := filepath.Join(here.Dir, "templates", "embed.go")
	const sum = "h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
	for _, test := range []struct {
		name   string
		built  *debug.BuildInfo
		source string
		want   Toolkit
	}{
		{"go install of a release", &debug.BuildInfo{Main: debug.Module{Path: silo, Version: "v0.4.1", Sum: sum}}, "silo/templates/embed.go", Toolkit{Version: "v0.4.1", Sum: sum}},
		{"go tool of a release", &debug.BuildInfo{Main: debug.Module{Path: "example.com/notes/tools"}, Deps: []*debug.Module{{Path: silo, Version: "v0.4.1", Sum: sum}}}, source, Toolkit{Version: "v0.4.1", Sum: sum}},
		{"a checkout", &debug.BuildInfo{Main: debug.Module{Path: silo, Version: "(devel)"}}, source, here},
		{"a checkout with a commit", &debug.BuildInfo{Main: debug.Module{Path: silo, Version: "v0.0.0-20261126060000-64f4ae2aaaaa+dirty"}}, source, here},
		{"go tool of a checkout", &debug.BuildInfo{Deps: []*debug.Module{{Path: silo, Version: "v0.0.0", Replace: &debug.Module{Path: "../silo"}}}}, source, here},
		{"nothing recorded", nil, source, here},
		{"a checkout with -trimpath", &debug.BuildInfo{Main: debug.Module{Path: silo}}, "github.com/silokit/silo/templates/embed.go", Toolkit{}},
		{"a checkout that has gone", nil, filepath.Join(t.TempDir(), "templates", "embed.go"), Toolkit{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := FindToolkit(test.built, test.source)
			if test.want == (Toolkit{}) {
				if !errors.Is(err, ErrToolkit) {
					t.Errorf("%v, want %v", err, ErrToolkit)
				}
				return
			}
			if err != nil || got != test.want {
				t.Errorf("%+v, %v; want %+v", got, err, test.want)
			}
		})
	}
}

func TestAFolderThatIsNoCheckoutIsRefused(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, map[string]string{"go.mod": "module example.com/silo\n"})
	for _, dir := range []string{dir, filepath.Join(dir, "missing"), os.Args[0]} {
		if _, err := Checkout(dir); !errors.Is(err, ErrToolkit) {
			t.Errorf("%s: %v, want %v", dir, err, ErrToolkit)
		}
	}
}

// TestAServiceOfAReleaseHasItsSums makes a release, of the go.mod that Silo has, on a proxy that
// is a folder: the go command must find each line of go.sum that it needs, and find it right.
func TestAServiceOfAReleaseHasItsSums(t *testing.T) {
	source, proxy, dir := t.TempDir(), t.TempDir(), filepath.Join(t.TempDir(), "notes")
	put(t, source, map[string]string{"go.mod": string(templates.GoMod), "README.md": "a release\n"})
	release := module.Version{Path: silo, Version: "v0.4.1"}
	var zipped bytes.Buffer
	if err := modzip.CreateFromDir(&zipped, release, source); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(proxy, filepath.FromSlash(silo), "@v"), map[string]string{
		"v0.4.1.info": `{"Version":"v0.4.1"}`, "v0.4.1.mod": string(templates.GoMod), "v0.4.1.zip": zipped.String(),
	})
	sum, err := dirhash.HashZip(filepath.Join(proxy, filepath.FromSlash(silo), "@v", "v0.4.1.zip"), dirhash.Hash1)
	if err != nil {
		t.Fatal(err)
	}
	makeService(t, dir, Service{Name: "notes", Toolkit: Toolkit{Version: release.Version, Sum: sum}})
	for _, folder := range []string{dir, filepath.Join(dir, "tools")} {
		before := contents(t, folder)["go.sum"]
		cmd := exec.CommandContext(t.Context(), "go", "mod", "download", silo)
		cmd.Dir = folder
		cmd.Env = append(os.Environ(), "GOPROXY=file://"+filepath.ToSlash(proxy), "GOSUMDB=off", "GOFLAGS=-modcacherw", "GOWORK=off", "GOMODCACHE="+t.TempDir())
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		if after := contents(t, folder)["go.sum"]; after != before || strings.Count(after, silo+" v0.4.1") != 2 {
			t.Errorf("go.sum has other lines of the release afterwards:\n%s", after)
		}
	}
}
