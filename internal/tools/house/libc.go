package main

import (
	"encoding/json"
	"fmt"
	"strings"
)

// libcProblems compares the version of modernc.org/libc that the module uses with the
// one that modernc.org/sqlite's own go.mod names. SQLite is translated for that one:
// with another, its authors say, it may fail. See
// https://pkg.go.dev/modernc.org/sqlite#hdr-Fragile_modernc_org_libc_dependency.
func libcProblems(dir string) ([]string, error) {
	out, err := goTool(dir, "list", "-m", "-f", "{{.Version}}\t{{.GoMod}}", "modernc.org/libc", "modernc.org/sqlite")
	if err != nil {
		return nil, err
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) != 2 {
		return nil, fmt.Errorf("go list -m printed %q", out)
	}
	ours, _, _ := strings.Cut(lines[0], "\t")
	sqlite, goMod, _ := strings.Cut(lines[1], "\t")
	content, err := goTool(dir, "mod", "edit", "-json", goMod)
	if err != nil {
		return nil, err
	}
	theirs, err := required(content, "modernc.org/libc")
	if err != nil {
		return nil, err
	}
	if ours != theirs {
		return []string{fmt.Sprintf("go.mod uses modernc.org/libc %s, but modernc.org/sqlite %s names %s: go get modernc.org/libc@%s", ours, sqlite, theirs, theirs)}, nil
	}
	return nil, nil
}

// required returns the version of a module that a go.mod requires, given as what
// go mod edit -json prints of it.
func required(goMod []byte, path string) (string, error) {
	var file struct {
		Require []struct{ Path, Version string }
	}
	if err := json.Unmarshal(goMod, &file); err != nil {
		return "", err
	}
	for _, module := range file.Require {
		if module.Path == path {
			return module.Version, nil
		}
	}
	return "", fmt.Errorf("the go.mod does not require %s", path)
}
