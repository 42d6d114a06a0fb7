package examples

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	link      = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading   = regexp.MustCompile(`(?m)^#+ (.*)$`)
	anyFenced = regexp.MustCompile("(?ms)^ *```.*?^ *```$")
	dropped   = regexp.MustCompile(`[^\p{L}\p{N}_ -]`)
)

// anchors returns what the headings of a document are called in links, as GitHub makes it of them.
func anchors(text string) map[string]bool {
	found := map[string]bool{}
	for _, match := range heading.FindAllStringSubmatch(text, -1) {
		found[strings.ReplaceAll(dropped.ReplaceAllString(strings.ToLower(match[1]), ""), " ", "-")] = true
	}
	return found
}

func TestLinksBetweenDocumentsLeadSomewhere(t *testing.T) {
	documents, err := filepath.Glob(filepath.Join("..", "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, document := range append(documents, filepath.Join("..", "README.md"), filepath.Join("..", "CONTRIBUTING.md")) {
		text, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range link.FindAllStringSubmatch(anyFenced.ReplaceAllString(string(text), ""), -1) {
			if strings.Contains(match[1], "://") {
				continue
			}
			path, anchor, _ := strings.Cut(match[1], "#")
			target := document
			if path != "" {
				target = filepath.Join(filepath.Dir(document), filepath.FromSlash(path))
			}
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s links to %s: %v", document, match[1], err)
				continue
			}
			if anchor == "" {
				continue
			}
			there, err := os.ReadFile(target)
			if err != nil {
				t.Fatal(err)
			}
			if !anchors(anyFenced.ReplaceAllString(string(there), ""))[anchor] {
				t.Errorf("%s links to %s, and there is no such heading", document, match[1])
			}
		}
	}
}

// The README is where people begin: it links to each document of users.
func TestTheReadmeLinksToEachDocument(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join("..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	documents, err := filepath.Glob(filepath.Join("..", "docs", "*.md"))
	if err != nil || len(documents) == 0 {
		t.Fatalf("%v, %v", documents, err)
	}
	for _, document := range documents {
		name := filepath.Base(document)
		if name != "profiles.md" && !strings.HasPrefix(name, "benchmarks-") && !strings.Contains(string(readme), "docs/"+name) {
			t.Errorf("README.md does not link to docs/%s", name)
		}
	}
}
