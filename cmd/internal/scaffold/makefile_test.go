package scaffold

import (
	"regexp"
	"testing"
)

func TestEachTargetThatAServicesReadmeNamesIsInItsMakefile(t *testing.T) {
	for _, resolver := range Resolvers {
		s := notes(t)
		s.Resolver = resolver
		texts := map[string]string{}
		for _, file := range mustRender(t, s) {
			texts[file.Path] = string(file.Contents)
		}
		targets := map[string]bool{}
		for _, target := range regexp.MustCompile(`(?m)^([a-z-]+): ##`).FindAllStringSubmatch(texts["Makefile"], -1) {
			targets[target[1]] = true
		}
		named := regexp.MustCompile("(?m)(?:^|`)make ([a-z]+)").FindAllStringSubmatch(texts["README.md"], -1)
		if len(named) < 5 {
			t.Errorf("%s: README.md names %d targets", resolver, len(named))
		}
		for _, name := range named {
			if !targets[name[1]] {
				t.Errorf("%s: README.md says make %s, which the Makefile does not have", resolver, name[1])
			}
		}
	}
}
