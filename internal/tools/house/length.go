package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// The most lines of a Go file that people write. One that has more is about more than
// one thing. Tables of cases may make a test longer.
const (
	maxLines     = 300
	maxTestLines = 400
)

// generatedBy is how a generated file says so: https://go.dev/s/generatedcode.
var generatedBy = regexp.MustCompile(`(?m)^// Code generated .* DO NOT EDIT\.$`)

// lengthProblems returns a line for each Go file under dir that is too long. Files
// below testdata and hidden folders do not count.
func lengthProblems(dir string) (problems []string, err error) {
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if name := entry.Name(); name == "testdata" || len(name) > 1 && strings.HasPrefix(name, ".") {
				return filepath.SkipDir
			}
			return nil
		}
		if filepath.Ext(path) != ".go" {
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		most := maxLines
		if strings.HasSuffix(path, "_test.go") {
			most = maxTestLines
		}
		if lines := bytes.Count(content, []byte("\n")); lines > most && !generatedBy.Match(content) {
			problems = append(problems, fmt.Sprintf("%s has %d lines, %d are the most: what else than its noun is in it?", path, lines, most))
		}
		return nil
	})
	return problems, err
}
