package codegen

import (
	"regexp"
	"slices"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/nearest"
	"github.com/silokit/silo/cmd/internal/codegen/problem"
)

var (
	// gooseWord matches an annotation of goose's, right or wrong, with the word that tells
	// which.
	gooseWord = regexp.MustCompile(`(?im)^[ \t]*--[ \t]*\+goose[ \t]+(\S+)`)

	annotations = []string{"Up", "Down", "StatementBegin", "StatementEnd"}
)

// isGoose reports whether a file is meant to be a migration of goose's.
func (s source) isGoose() bool { return gooseWord.MatchString(s.text) }

// misspelt notes annotations of goose's that are nearly right. Those that are far from
// it are refused when the migrations are loaded.
func (s source) misspelt(problems *problem.List) {
	for _, at := range gooseWord.FindAllStringSubmatchIndex(s.text, -1) {
		word := s.text[at[2]:at[3]]
		same := func(known string) bool { return strings.EqualFold(known, word) }
		if meant := nearest.Name(word, annotations); meant != "" && !slices.ContainsFunc(annotations, same) {
			problems.AddAt(s.path, 1+strings.Count(s.text[:at[2]], "\n"), at[2]-strings.LastIndexByte(s.text[:at[2]], '\n'),
				"there is no annotation `-- +goose %s`: did you mean `-- +goose %s`?", word, meant)
		}
	}
}
