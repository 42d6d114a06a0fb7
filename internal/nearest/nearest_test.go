package nearest_test

import (
	"testing"

	"github.com/silokit/silo/internal/nearest"
)

func TestOnlyANearNameIsProposed(t *testing.T) {
	known := []string{"emit_json_tags", "emit_db_tags", "rename", "name", "title"}
	for wrong, want := range map[string]string{
		"emit_jsn_tags": "emit_json_tags",
		"emitJsonTags":  "emit_json_tags",
		"emit-db-tags":  "emit_db_tags",
		"nam":           "name",
		"naem":          "name",
		"Title":         "title",
		"renamed":       "rename",
		"x":             "",
		"price":         "",
		"":              "",
	} {
		if got := nearest.Name(wrong, known); got != want {
			t.Errorf("%q is taken for %q, want %q", wrong, got, want)
		}
	}
	if got, want := nearest.Suggestion("price", []string{"a", "b"}), ": write one of a, b"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
