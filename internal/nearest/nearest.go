// Package nearest finds the name that somebody probably meant.
package nearest

import (
	"cmp"
	"slices"
	"strings"
)

// Suggestion ends a message about a wrong name: with the known name that was probably
// meant, or with all of them.
func Suggestion(wrong string, known []string) string {
	if name := Name(wrong, known); name != "" {
		return ": did you mean " + name + "?"
	}
	if len(known) == 1 {
		return ": write " + known[0]
	}
	return ": write one of " + strings.Join(known, ", ")
}

// Name returns the known name that a wrong one was probably meant to be, or "".
// A guess from afar would send people the wrong way, so no more than a third of the
// name may differ, unless one is the beginning of the other.
func Name(wrong string, known []string) string {
	type candidate struct {
		name     string
		distance int
	}
	var candidates []candidate
	folded := fold(wrong)
	for _, name := range known {
		other := fold(name)
		distance := edits(folded, other)
		begins := len(folded) >= 3 && len(other) >= 3 && (strings.HasPrefix(folded, other) || strings.HasPrefix(other, folded))
		if begins || distance*3 <= len(folded) {
			candidates = append(candidates, candidate{name, distance})
		}
	}
	if len(candidates) == 0 {
		return ""
	}
	return slices.MinFunc(candidates, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.name, b.name))
	}).name
}

// fold takes out what styles of writing a name differ in: emitJsonTags and
// emit-json-tags are emit_json_tags.
func fold(name string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "", " ", "").Replace(name))
}

// edits counts the changes that make one word of the other: a byte put in, taken out or
// replaced, or two neighbours that change places.
func edits(a, b string) int {
	before, last := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		row := make([]int, len(b)+1)
		row[0] = i + 1
		for j := range len(b) {
			replaced := last[j]
			if a[i] != b[j] {
				replaced++
			}
			row[j+1] = min(replaced, row[j]+1, last[j+1]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}
