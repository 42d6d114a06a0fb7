package query_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/silokit/silo/tenantdb/query"
)

// pet and owner are rows of two tables.
type (
	pet   struct{ Name string }
	owner struct {
		ID   int64
		Name string
	}
	pair struct {
		Pet   pet
		Owner *owner
		Years int64
	}
)

func scanPet(row *query.Row, v *pet) { v.Name = row.Text(0) }

func scanOwner(row *query.Row, v *owner) {
	v.ID = row.Int(0)
	v.Name = row.Text(1)
}

func scanPair(row *query.Row, v *pair) {
	query.Embed(row, 0, scanPet, &v.Pet)
	v.Owner = query.EmbedNull(row, 1, 1, scanOwner)
	v.Years = row.Int(3)
}

func TestATablesRowIsReadOutOfARowOfSeveral(t *testing.T) {
	_, b := open(t)
	for sql, want := range map[string]pair{
		"SELECT 'Rex', 7, 'Ann', 3":      {Pet: pet{"Rex"}, Owner: &owner{7, "Ann"}, Years: 3},
		"SELECT 'Stray', NULL, NULL, 11": {Pet: pet{"Stray"}, Years: 11},
	} {
		got, err := query.One(t.Context(), b, read(sql), scanPair)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", sql, err, diff)
		}
	}
}

func TestAMismatchWithinAnEmbeddedTableTellsTheColumnOfTheWholeRow(t *testing.T) {
	_, b := open(t)
	_, err := query.One(t.Context(), b, read("SELECT 'Rex', 7, 8 AS owner_name, 3"), scanPair)
	var mismatch *query.MismatchError
	if !errors.As(err, &mismatch) || mismatch.Column != "owner_name" || mismatch.Index != 2 {
		t.Errorf("got %v, want a MismatchError of owner_name, number 3", err)
	}
}

func TestAPanicWithinAnEmbeddedTableLeavesTheNextRunItsFirstColumn(t *testing.T) {
	_, b := open(t)
	statement := read("SELECT 'Rex', 7, 'Ann', 3")
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic did not go on")
			}
		}()
		_, _ = query.One(t.Context(), b, statement, func(row *query.Row, v *owner) {
			query.Embed(row, 1, func(*query.Row, *owner) { panic("in scan") }, v)
		})
	}()
	got, err := query.One(t.Context(), b, statement, scanPair)
	if diff := cmp.Diff(pair{Pet: pet{"Rex"}, Owner: &owner{7, "Ann"}, Years: 3}, got); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
}
