package problem_test

import (
	"errors"
	"testing"

	"github.com/silokit/silo/cmd/internal/codegen/problem"
)

func TestProblemsAreSortedByPlaceAndSaidOnce(t *testing.T) {
	var list problem.List
	list.Add("b.sql", 2, "second of %s", "b")
	list.Add("b.sql", 10, "third of b")
	list.Add("a.sql", 0, "of the whole file")
	list.Add("b.sql", 2, "second of b")
	var more problem.List
	more.Add("b.sql", 1, "first of b")
	list.Append(more)

	var err *problem.Error
	if !errors.As(list.Err(), &err) {
		t.Fatalf("the error is %v", list.Err())
	}
	want := "a.sql: of the whole file\nb.sql:1: first of b\nb.sql:2: second of b\nb.sql:10: third of b"
	if err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
}

func TestNoProblemsAreNoError(t *testing.T) {
	var list problem.List
	if err := list.Err(); err != nil {
		t.Errorf("the error is %v", err)
	}
}
