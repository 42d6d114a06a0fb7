package scaffold

import (
	"regexp"
	"strings"
	"testing"
)

func TestErrorsAboutSettingsNameThemAsTheyAreSet(t *testing.T) {
	found := 0
	for _, resolver := range Resolvers {
		s := notes(t)
		s.Resolver = resolver
		for _, file := range mustRender(t, s) {
			for _, text := range regexp.MustCompile(`errors\.New\(("[^"]*[A-Z]_[A-Z][^"]*")\)`).FindAllSubmatch(file.Contents, -1) {
				for _, name := range regexp.MustCompile(`[A-Z]+(?:_[A-Z]+)+`).FindAllString(string(text[1]), -1) {
					found++
					if !strings.HasPrefix(name, "NOTES_") {
						t.Errorf("%s: %s: %s speaks of %s, which nobody reads", resolver, file.Path, text[1], name)
					}
				}
			}
		}
	}
	if found == 0 {
		t.Error("no error names a setting: what does this test look at?")
	}
}
