package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// claims are the documents whose claims name the tests that hold them.
const claims = "docs/*.md"

var (
	namedTest   = regexp.MustCompile("`((?:Test|Fuzz)[A-Za-z0-9]+)`")
	definedTest = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)[A-Za-z0-9]+)\(`)
)

// evidenceProblems returns a line for each test that the claims name and nobody has.
func evidenceProblems(dir string) (problems []string, err error) {
	documents, err := filepath.Glob(filepath.Join(dir, filepath.FromSlash(claims)))
	if err != nil {
		return nil, err
	}
	there := map[string]bool{}
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		for _, found := range definedTest.FindAllSubmatch(source, -1) {
			there[string(found[1])] = true
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, document := range documents {
		text, err := os.ReadFile(document)
		if err != nil {
			return nil, err
		}
		for _, named := range namedTest.FindAllSubmatch(text, -1) {
			if name := string(named[1]); !there[name] {
				problems = append(problems, fmt.Sprintf("docs/%s: there is no test %s: what holds the claim?", filepath.Base(document), name))
			}
		}
	}
	return problems, nil
}
