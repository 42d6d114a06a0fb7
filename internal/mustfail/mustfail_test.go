package mustfail

import (
	"path/filepath"
	"strings"
	"testing"
)

const prelude = "testdata/prelude.go"

// programs runs f for each program in a folder of testdata.
func programs(t *testing.T, folder string, f func(t *testing.T, program source)) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join("testdata", folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	if len(names) == 0 {
		t.Fatalf("testdata/%s holds no program", folder)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".go"), func(t *testing.T) {
			f(t, read(t, name))
		})
	}
}

func TestEachMistakeIsRefusedWhereItIsMade(t *testing.T) {
	programs(t, "mistakes", func(t *testing.T, program source) {
		if !strings.HasPrefix(program.text, "// ") {
			t.Error("the first line does not name the mistake")
		}
		if !strings.Contains(program.text, "// ERROR ") {
			t.Error("nothing in it is expected to be refused")
		}
		differences, err := compile(read(t, prelude), program)
		requireNone(t, differences, err)
	})
}

func TestProgramsWithoutTheMistakeCompile(t *testing.T) {
	programs(t, "controls", func(t *testing.T, program source) {
		if strings.Contains(program.text, "// ERROR ") {
			t.Error("a control expects an error")
		}
		differences, err := compile(read(t, prelude), program)
		requireNone(t, differences, err)
	})
}

func TestHarnessReportsWhatIsNotAsExpected(t *testing.T) {
	tests := []struct {
		name string
		body string
		want []string // of each difference, a part
	}{
		{"nothing wrong", `func f() { tenant.New(tenantDB) }`, nil},
		{"refused as expected", `func f() { tenant.New(globalDB) } // ERROR "wrong type for method"`, nil},
		{"an expected error does not come", `func f() { tenant.New(tenantDB) } // ERROR "wrong type for method"`,
			[]string{`case.go:3:35: compiles, but should be refused with "(?s)wrong type for method"`}},
		{"an error is not expected", `func f() { tenant.New(globalDB) }`, []string{"case.go:3:23: nobody expects: cannot use globalDB"}},
		{"refused with other words", `func f() { tenant.New(globalDB) } // ERROR "undefined"`, []string{"nobody expects", "compiles, but"}},
		{"refused on another line", "// ERROR \"wrong type\"\nfunc f() { tenant.New(globalDB) }", []string{"nobody expects", "compiles, but"}},
		{"refused once, expected twice", `func f() { tenant.New(globalDB) } // ERROR "wrong type" "wrong type"`, []string{"compiles, but"}},
		{"refused twice, expected once", `func f() { tenant.New(globalDB); tenant.New(globalTx) } // ERROR "wrong type"`, []string{"nobody expects"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			program := source{"case.go", "package p\nimport \"github.com/silokit/silo/gen/tenant\"\n" + test.body}
			got, err := compile(read(t, prelude), program)
			if err != nil {
				t.Fatal(err)
			}
			if len(got) != len(test.want) {
				t.Fatalf("differences %q, want %d like %q", got, len(test.want), test.want)
			}
			for i, want := range test.want {
				if !strings.Contains(got[i], want) {
					t.Errorf("difference %q, want one with %q", got[i], want)
				}
			}
		})
	}
}

func TestHarnessRefusesCommentsThatExpectNothing(t *testing.T) {
	for _, comment := range []string{"// ERROR ", "// ERROR wrong type", `// ERROR "("`} {
		_, err := compile(source{"case.go", "package p\n" + comment + "\n"})
		if err == nil {
			t.Errorf("%s is accepted", comment)
		}
	}
}
