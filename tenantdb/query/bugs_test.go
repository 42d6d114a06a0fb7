package query_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/silokit/silo/tenantdb/query"
)

func TestATextThatIsNoTimeIsQuotedWithoutBreakingTheError(t *testing.T) {
	_, b := open(t)
	for _, text := range []string{strings.Repeat("x", 31) + "é and more", "a\nlevel=ERROR forged", "\x00\x1b[2J", "\xff"} {
		_, err := query.One(t.Context(), b, read("SELECT ?1"), func(r *query.Row, v *time.Time) { *v = r.Time(0) }, query.Text(text))
		if err == nil || !utf8.ValidString(err.Error()) || strings.ContainsAny(err.Error(), "\n\x00\x1b") {
			t.Errorf("%q: the error is %q", text, err)
		}
	}
}

func TestAnIntegerThatNoFloatHoldsIsNotReadAsOne(t *testing.T) {
	_, b := open(t)
	got, err := query.One(t.Context(), b, read("SELECT 9007199254740993"), func(r *query.Row, v *float64) { *v = r.Float(0) })
	if err == nil {
		t.Errorf("9007199254740993 was read as %f", got)
	}
}
