package codegen

import (
	"regexp"
	"slices"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/problem"
	"github.com/silokit/silo/internal/nearest"
)

var (
	// gooseWord matches an annotation of goose's, right or wrong, with the word that tells
	// which.
	gooseWord = regexp.MustCompile(`(?im)^[ \t]*--[ \t]*\+goose[ \t]+(\S+)`)

	annotations = []string{"Up", "Down", "StatementBegin", "StatementEnd"}
)

// isGoose reports whether a file is meant to be a migration of goose's.
func (s source) isGoose() bool {
	return gooseWord.MatchString(strings.TrimPrefix(s.text, byteOrderMark))
}

// byteOrderMark is what some editors on Windows write at the beginning of a file.
const byteOrderMark = "\ufeff"

// unmarked refuses a migration of goose's that begins with a byte order mark. goose would
// not see the annotation behind it, here and in the program that embeds the file.
func (s source) unmarked(problems *problem.List) {
	if strings.HasPrefix(s.text, byteOrderMark) {
		problems.Add(s.path, 1, "it begins with a byte order mark, which goose takes for a part of the first line: save it as UTF-8 without one")
	}
}

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
