package problem_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/silokit/silo/cmd/internal/codegen/problem"
)

func TestProblemsAreSortedByPlaceAndSaidOnce(t *testing.T) {
	var list problem.List
	list.Add("b.sql", 2, "second of %s", "b")
	list.Add("b.sql", 10, "third of b")
	list.AddAt("b.sql", 2, 4, "further right")
	list.Warn("b.sql", 2, "less bad at the same place")
	list.Add("a.sql", 0, "of the whole file")
	list.Add("b.sql", 2, "second of b")
	var more problem.List
	more.WarnAt("b.sql", 1, 3, "first of b")
	list.Append(more)
	list.Put(problem.Problem{File: "b.sql", Line: 10, Query: "GetB", Message: "of a query"})

	var err *problem.Found
	if !errors.As(list.Err(), &err) {
		t.Fatalf("the error is %v", list.Err())
	}
	want := `a.sql: of the whole file
b.sql:1:3: warning: first of b
b.sql:2: second of b
b.sql:2: warning: less bad at the same place
b.sql:2:4: further right
b.sql:10: third of b
b.sql:10: query GetB: of a query`
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Error(diff)
	}
}

func TestNoProblemsAreNoError(t *testing.T) {
	var list problem.List
	if err := list.Err(); err != nil {
		t.Errorf("the error is %v", err)
	}
}

func TestWarningsAreNoErrorUnlessStrict(t *testing.T) {
	var list problem.List
	list.Warn("b.sql", 1, "slow")
	list.WarnAt("a.sql", 2, 3, "slow too")
	if err := list.Err(); err != nil || list.Len() != 0 {
		t.Errorf("there are %d errors, and the error is %v", list.Len(), err)
	}
	want := []problem.Problem{
		{File: "a.sql", Line: 2, Column: 3, Severity: problem.Warning, Message: "slow too"},
		{File: "b.sql", Line: 1, Severity: problem.Warning, Message: "slow"},
	}
	if diff := cmp.Diff(want, list.Warnings()); diff != "" {
		t.Error(diff)
	}

	list.Strict()
	if list.Err() == nil || list.Len() != 2 || len(list.Warnings()) != 0 {
		t.Errorf("after Strict there are %d errors and %d warnings", list.Len(), len(list.Warnings()))
	}
}

func TestErrorsAreNoWarnings(t *testing.T) {
	var list problem.List
	list.Add("a.sql", 1, "wrong")
	list.Warn("a.sql", 1, "slow")
	if got := list.Warnings(); len(got) != 1 || got[0].Message != "slow" {
		t.Errorf("the warnings are %v", got)
	}
	if list.Len() != 1 {
		t.Errorf("there are %d errors, want 1", list.Len())
	}
}

func TestProblemsAreWrittenAsJSONAndReadBack(t *testing.T) {
	for _, test := range []struct {
		problem problem.Problem
		want    string
	}{
		{
			problem.Problem{File: "a.sql", Message: "wrong"},
			`{"file":"a.sql","severity":"error","message":"wrong"}`,
		},
		{
			problem.Problem{File: "a.sql", Line: 2, Column: 3, Severity: problem.Warning, Query: "GetA", Message: "slow"},
			`{"file":"a.sql","line":2,"column":3,"severity":"warning","query":"GetA","message":"slow"}`,
		},
	} {
		data, err := json.Marshal(test.problem)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(test.want, string(data)); diff != "" {
			t.Error(diff)
		}
		var back problem.Problem
		if err := json.Unmarshal(data, &back); err != nil || back.String() != test.problem.String() {
			t.Errorf("read back it is %+v, %v", back, err)
		}
	}
	var p problem.Problem
	if err := json.Unmarshal([]byte(`{"severity":"fatal"}`), &p); err == nil {
		t.Error("fatal is taken for a severity")
	}
}
