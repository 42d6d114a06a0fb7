package examples

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// shownIn are the documents whose blocks of Go are of a program like the README's.
var shownIn = []string{"README.md", "docs/background.md", "docs/commands.md", "docs/edge.md", "docs/guide.md", "docs/operations.md", "docs/rollups.md"}

// shownElsewhere are those whose blocks of Go other tests run.
var shownElsewhere = map[string]string{
	"docs/getting-started.md": "TestWhatTheGuideToGetStartedSaysHappens",
	"docs/isolation.md":       "TestTheGuideShowsWhatRuns",
	"docs/scaffold.md":        "TestTheHandWrittenWiringDoesWithoutWire",
	"docs/sql.md":             "TestEveryExampleOfTheReferenceIsAsShown",
	"docs/testing.md":         "TestTheGuideShowsWhatRuns",
}

var (
	goBlock = regexp.MustCompile("(?ms)^```go\n(.*?)^```$")
	// place is where the sources in testdata/docs have a block: "// docs/edge.md 1" is the first
	// of that document.
	place = regexp.MustCompile(`(?m)^\s*// ((?:README|docs/\w+)\.md \d+)$`)
)

// blocks returns the documents' blocks of Go by their place, but for those of whole files, which
// readReadme takes and the guide shows to be compared with an own one.
func blocks(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, document := range shownIn {
		text, err := os.ReadFile(filepath.Join("..", filepath.FromSlash(document)))
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, match := range goBlock.FindAllStringSubmatch(string(text), -1) {
			if !strings.HasPrefix(match[1], "package ") {
				n++
				found[fmt.Sprintf("%s %d", document, n)] = match[1]
			}
		}
	}
	return found
}

// addBlocks writes the sources of testdata/docs with the documents' blocks into a folder. Each block has to have
// a place.
func addBlocks(t *testing.T, folder string) {
	t.Helper()
	left := blocks(t)
	sources, err := filepath.Glob(filepath.Join("testdata", "docs", "*.go"))
	if err != nil || len(sources) == 0 {
		t.Fatalf("%v, %v", sources, err)
	}
	for _, source := range sources {
		text, err := os.ReadFile(source)
		if err != nil {
			t.Fatal(err)
		}
		filled := place.ReplaceAllStringFunc(string(text), func(comment string) string {
			name := place.FindStringSubmatch(comment)[1]
			block, ok := left[name]
			if !ok {
				t.Errorf("%s: there is no block %s, or it is there twice", source, name)
			}
			delete(left, name)
			return strings.Replace(block, `"https://id.example.com/jwks.json"`, "jwksURL", 1)
		})
		write(t, filepath.Join(folder, filepath.Base(source)), filled)
	}
	for name := range left {
		t.Errorf("the block of Go %s has no place in testdata/docs, so that nobody compiles it", name)
	}
}

func TestTheGoOfEachDocumentIsCompiledBySomeTest(t *testing.T) {
	documents, err := filepath.Glob(filepath.Join("..", "docs", "*.md"))
	if err != nil || len(documents) == 0 {
		t.Fatalf("%v, %v", documents, err)
	}
	for _, document := range documents {
		text, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		name := "docs/" + filepath.Base(document)
		if goBlock.Match(text) && !slices.Contains(shownIn, name) && shownElsewhere[name] == "" {
			t.Errorf("%s shows Go that no test compiles", name)
		}
	}
}

func TestTheSQLOfRollupsIsThatOfTheReferenceApplication(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "docs", "rollups.md"))
	if err != nil {
		t.Fatal(err)
	}
	var application strings.Builder
	for _, folder := range []string{"schema/global", "queries/tenant", "queries/global"} {
		files, err := filepath.Glob(filepath.Join("..", filepath.FromSlash(folder), "*.sql"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v, %v", folder, files, err)
		}
		for _, file := range files {
			sql, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			application.Write(sql)
		}
	}
	shown := regexp.MustCompile("(?ms)^```sql\n(.*?)^```$").FindAllStringSubmatch(string(text), -1)
	if len(shown) < 3 {
		t.Errorf("docs/rollups.md shows %d blocks of SQL; want the table, and what reads and writes it", len(shown))
	}
	for _, block := range shown {
		if !strings.Contains(application.String(), block[1]) {
			t.Errorf("docs/rollups.md shows SQL that the reference application does not have:\n%s", block[1])
		}
	}
}
