package examples

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// troubleshooting returns the document's rows, and its part about generating.
func troubleshooting(t *testing.T) (errors, generate string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "docs", "troubleshooting.md"))
	if err != nil {
		t.Fatal(err)
	}
	errors, generate, ok := strings.Cut(string(text), "\n## silo generate\n")
	if !ok {
		t.Fatal("docs/troubleshooting.md has no part about silo generate")
	}
	return errors, generate
}

var (
	sentinel = regexp.MustCompile(`(?m)^\s*(?:var )?(Err[A-Z]\w*)\s*=\s*(?:errors\.New|fmt\.Errorf)\("([^"]*)"`)
	borrowed = regexp.MustCompile(`(?m)^\s*(?:var )?(Err[A-Z]\w*)\s*=\s*(\w+\.Err[A-Z]\w*)`)
)

// sentinels returns the text of each error that the packages in tenantdb export, by package and name.
func sentinels(t *testing.T) map[string]string {
	t.Helper()
	own, of := map[string]string{}, map[string]string{}
	err := filepath.WalkDir(filepath.Join("..", "tenantdb"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		name := filepath.Base(filepath.Dir(path))
		for _, match := range sentinel.FindAllStringSubmatch(string(source), -1) {
			text, _, _ := strings.Cut(match[2], " (%w")
			text, _, _ = strings.Cut(text, ";")
			own[name+"."+match[1]] = text
		}
		for _, match := range borrowed.FindAllStringSubmatch(string(source), -1) {
			of[name+"."+match[1]] = match[2]
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, from := range of {
		own[name] = own[from]
	}
	for name := range own {
		if pkg, _, _ := strings.Cut(name, "."); inner[pkg] {
			delete(own, name)
		}
	}
	return own
}

// inner are the internal packages that have errors of their own. Users meet them under other names, or not at all.
var inner = map[string]bool{"lease": true, "sqlite": true, "slots": true, "durable": true, "migrate": true}

func TestEachErrorThatAProgramMeetsIsExplained(t *testing.T) {
	document, _ := troubleshooting(t)
	rows := map[string]string{} // the message that the document has of an error
	for line := range strings.Lines(document) {
		cells := strings.Split(line, " | ")
		if len(cells) != 3 || !strings.Contains(cells[1], ".Err") {
			continue
		}
		for name := range strings.SplitSeq(cells[1], ", ") {
			rows[strings.Trim(name, "`")] = strings.TrimPrefix(cells[0], "| ")
		}
	}
	there := sentinels(t)
	if len(there) < 80 {
		t.Errorf("%d errors are found in tenantdb; has the way changed in which they are written?", len(there))
	}
	for name, text := range there {
		if rows[name] != text {
			t.Errorf("docs/troubleshooting.md has %q of %s, whose text is %q", rows[name], name, text)
		}
	}
	for name := range rows {
		if _, ok := there[name]; !ok {
			t.Errorf("docs/troubleshooting.md explains %s, which there is not", name)
		}
	}
}

var (
	placed = regexp.MustCompile(`^[^ ]+?(?::\d+){0,2}: (?:warning: )?(?:query \w+: )?`)
	span   = regexp.MustCompile("`([^`]+)`")
)

func TestEachMessageOfTheGeneratorIsExplained(t *testing.T) {
	_, document := troubleshooting(t)
	patterns, used := map[string]*regexp.Regexp{}, map[string]bool{}
	for line := range strings.Lines(document) {
		message, _, ok := strings.Cut(strings.TrimPrefix(line, "| "), " | ")
		if !ok || !strings.HasPrefix(line, "| ") {
			continue
		}
		for _, match := range span.FindAllStringSubmatch(message, -1) {
			patterns[match[1]] = regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(match[1]), "…", ".*"))
		}
	}
	golden, err := filepath.Glob(filepath.Join("..", "cmd", "internal", "codegen", "testdata", "*_error_*", "errors.txt"))
	if err != nil || len(golden) == 0 {
		t.Fatalf("%v, %v", golden, err)
	}
	for _, file := range golden {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			message := placed.ReplaceAllString(strings.TrimSuffix(line, "\n"), "")
			explained := false
			for pattern, fits := range patterns {
				if fits.MatchString(message) {
					explained, used[pattern] = true, true
				}
			}
			if !explained {
				t.Errorf("docs/troubleshooting.md does not explain %q", message)
			}
		}
	}
	for pattern := range patterns {
		if !used[pattern] {
			t.Errorf("docs/troubleshooting.md explains %q, which no golden case has", pattern)
		}
	}
}
