package query_test

import (
	"database/sql"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/silokit/silo/tenantdb/query"
)

func TestRowsAreShapedAsTheGeneratedCodeAsks(t *testing.T) {
	_, b := open(t, numbers...)
	all, none := read("SELECT a FROM t ORDER BY a"), read("SELECT a FROM t WHERE a = 9")
	one, two, three := int64(1), int64(2), int64(3)
	for name, tt := range map[string]struct {
		call func(*query.Statement) (any, error)
		rows any
		none any
	}{
		"NonNil":   {func(st *query.Statement) (any, error) { return query.NonNil(query.Many(t.Context(), b, st, scanInt)) }, []int64{1, 2, 3}, []int64{}},
		"Pointers": {func(st *query.Statement) (any, error) { return query.Pointers(query.Many(t.Context(), b, st, scanInt)) }, []*int64{&one, &two, &three}, []*int64(nil)},
		"both": {func(st *query.Statement) (any, error) {
			return query.NonNil(query.Pointers(query.Many(t.Context(), b, st, scanInt)))
		}, []*int64{&one, &two, &three}, []*int64{}},
	} {
		for st, want := range map[*query.Statement]any{all: tt.rows, none: tt.none} {
			got, err := tt.call(st)
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("%s: %v\n%s", name, err, diff)
			}
		}
	}
	if got, err := query.Pointer(query.One(t.Context(), b, all, scanInt)); err != nil || *got != 1 {
		t.Errorf("Pointer: %v, %v", got, err)
	}
	if got, err := query.Pointer(query.One(t.Context(), b, none, scanInt)); !errors.Is(err, sql.ErrNoRows) || got != nil {
		t.Errorf("Pointer without a row: %v, %v", got, err)
	}
	bad := read("SELECT 'text'")
	if got, err := query.NonNil(query.Many(t.Context(), b, bad, scanInt)); err == nil || got != nil {
		t.Errorf("NonNil after an error: %v, %v", got, err)
	}
	if got, err := query.Pointers(query.Many(t.Context(), b, bad, scanInt)); err == nil || got != nil {
		t.Errorf("Pointers after an error: %v, %v", got, err)
	}
}
