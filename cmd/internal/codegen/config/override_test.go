package config_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/silokit/silo/cmd/internal/codegen/config"
)

// overrides reads what stands under overrides.
func overrides(t *testing.T, lines ...string) []config.Override {
	t.Helper()
	blocks, problems := config.Parse("sqlc.yaml", []byte(withOptions("overrides:\n  - "+strings.Join(lines, "\n  - "))))
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	return blocks[0].Options.Overrides
}

func TestOverridesAreRead(t *testing.T) {
	got := overrides(t,
		`{db_type: uuid, go_type: github.com/google/uuid.UUID, nullable: true}`,
		`{db_type: uuid, go_type: string, "null": true, unsigned: false}`,
		`{column: users.email, go_struct_tag: ' validate:"email"  json:"a\tb" ', engine: sqlite}`,
		`{column: pg.users.email, go_type: nonsense, engine: postgresql}`,
		`{column: main.users.*, go_type: int}`,
		"{column: \"t.`to`\", go_type: int}",
		`{column: '"order".[from]', go_type: int}`,
	)
	want := []config.Override{
		{Line: 14, DBType: "uuid", Nullable: true, GoType: config.GoType{Import: "github.com/google/uuid", Name: "UUID"}},
		{Line: 15, DBType: "uuid", Nullable: true, GoType: config.GoType{Name: "string"}},
		{Line: 16, Column: "users.email", StructTag: `validate:"email" json:"a\tb"`},
		{Line: 18, Column: "main.users.*", GoType: config.GoType{Name: "int"}},
		{Line: 19, Column: "t.to", GoType: config.GoType{Name: "int"}},
		{Line: 20, Column: "order.from", GoType: config.GoType{Name: "int"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{`validate:"email"`, `json:"a\tb"`}, got[2].Tags()); diff != "" {
		t.Error(diff)
	}
	if tags := got[0].Tags(); len(tags) > 0 {
		t.Errorf("an override without tags has %q", tags)
	}
}

func TestTypesOfGoAreRead(t *testing.T) {
	for _, test := range []struct {
		text string
		want config.GoType
	}{
		{`string`, config.GoType{Name: "string"}},
		{`"*int64"`, config.GoType{Name: "int64", Pointer: true}},
		{`"[]byte"`, config.GoType{Name: "byte", Slice: true}},
		{`any`, config.GoType{Name: "any"}},
		{`"interface{}"`, config.GoType{Name: "any"}},
		{`{type: "interface{}"}`, config.GoType{Name: "any"}},
		{`{type: time.Time}`, config.GoType{Import: "time", Name: "Time"}},
		{`{type: "*json.RawMessage"}`, config.GoType{Import: "encoding/json", Name: "RawMessage", Pointer: true}},
		{`{type: sql.NullString}`, config.GoType{Import: "database/sql", Name: "NullString"}},
		{`{type: "sql.Null[string]"}`, config.GoType{Import: "database/sql", Name: "Null[string]"}},
		{`{type: netip.Addr, pointer: true}`, config.GoType{Import: "net/netip", Name: "Addr", Pointer: true}},
		{`time.Time`, config.GoType{Import: "time", Name: "Time"}},
		{`"*time.Time"`, config.GoType{Import: "time", Name: "Time", Pointer: true}},
		{`encoding/json.RawMessage`, config.GoType{Import: "encoding/json", Name: "RawMessage"}},
		{`github.com/google/uuid.UUID`, config.GoType{Import: "github.com/google/uuid", Name: "UUID"}},
		{`"[]github.com/x/bits.Byte"`, config.GoType{Import: "github.com/x/bits", Name: "Byte", Slice: true}},
		{`gopkg.in/guregu/null.v3.String`, config.GoType{Import: "gopkg.in/guregu/null.v3", Package: "null", Name: "String"}},
		{`github.com/gofrs/uuid/v5.UUID`, config.GoType{Import: "github.com/gofrs/uuid/v5", Package: "uuid", Name: "UUID"}},
		{`github.com/hardfinhq/go-date.NullDate`, config.GoType{Import: "github.com/hardfinhq/go-date", Package: "date", Name: "NullDate"}},
		{`example.com/2fa.Code`, config.GoType{Import: "example.com/2fa", Package: "pkg2fa", Name: "Code"}},
		{`example.com/func.Code`, config.GoType{Import: "example.com/func", Package: "pkgfunc", Name: "Code"}},
		{`"database/sql.Null[string]"`, config.GoType{Import: "database/sql", Name: "Null[string]"}},
		{`"example.com/a.Pair[int, any]"`, config.GoType{Import: "example.com/a", Name: "Pair[int, any]"}},
		{`{type: int64, pointer: true}`, config.GoType{Name: "int64", Pointer: true}},
		{`{type: byte, slice: true}`, config.GoType{Name: "byte", Slice: true}},
		{`{type: "[]byte"}`, config.GoType{Name: "byte", Slice: true}},
		{`{type: "*Setting"}`, config.GoType{Name: "Setting", Pointer: true}},
		{`{import: a/b/v2, package: b, type: T, pointer: true}`, config.GoType{Import: "a/b/v2", Package: "b", Name: "T", Pointer: true}},
		{`{import: example.com/a, package: a, type: T}`, config.GoType{Import: "example.com/a", Name: "T"}},
		{`{import: time, type: Time}`, config.GoType{Import: "time", Name: "Time"}},
	} {
		t.Run(test.text, func(t *testing.T) {
			got := overrides(t, "{column: a.b, go_type: "+test.text+"}")
			if diff := cmp.Diff([]config.Override{{Line: 14, Column: "a.b", GoType: test.want}}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestColumnsAreMatchedAsInSQLC(t *testing.T) {
	for _, test := range []struct {
		pattern, table, column string
		want                   bool
	}{
		{"users.id", "users", "id", true},
		{"users.id", "Users", "ID", true},
		{"Users.ID", "users", "id", true},
		{"users.id", "users", "id2", false},
		{"users.id", "user", "id", false},
		{"users.id", "", "id", false},
		{"*.id", "users", "id", true},
		{"*.id", "users", "user_id", false},
		{"*.*_id", "users", "group_id", true},
		{"users.*", "users", "anything", true},
		{"user?.id", "users", "id", true},
		{"user?.id", "user", "id", false},
		{"*s.i*d", "users", "identified", true},
		{"main.users.id", "users", "id", true},
		{"*.users.id", "users", "id", true},
		{`users.a\*`, "users", "a*", true},
		{`users.a\*`, "users", "ab", false},
		{"grö?en.id", "größen", "id", true},
		{"größen.id", "GRÖßEN", "id", true},
		{"a.(b)", "a", "(b)", true},
		{"", "", "", false},
		{"id", "", "id", false},
	} {
		o := config.Override{Column: test.pattern}
		if got := o.MatchesColumn(test.table, test.column); got != test.want {
			t.Errorf("%s matches %s.%s: %t", test.pattern, test.table, test.column, got)
		}
	}
}

func TestAPatternMatchesWhatItWasMadeOf(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringOf(rapid.RuneFrom([]rune("abé_*?"))).Draw(t, "name")
		var pattern strings.Builder
		for _, c := range name {
			switch rapid.IntRange(0, 3).Draw(t, "as") {
			case 0:
				pattern.WriteString("?")
			case 1:
				pattern.WriteString("**")
			default:
				if c == '*' || c == '?' {
					pattern.WriteString(`\`)
				}
				pattern.WriteRune(c)
			}
		}
		o := config.Override{Column: "t." + pattern.String()}
		if !o.MatchesColumn("t", name) {
			t.Errorf("%s does not match %s", o.Column, name)
		}
		if strings.ContainsAny(pattern.String(), "*") {
			return
		}
		if o.MatchesColumn("t", name+"x") {
			t.Errorf("%s matches %sx", o.Column, name)
		}
	})
}

func TestDeclaredTypesAreMatchedAsInSQLC(t *testing.T) {
	for _, test := range []struct {
		override config.Override
		declared string
		notNull  bool
		want     bool
	}{
		{config.Override{DBType: "uuid"}, "UUID", true, true},
		{config.Override{DBType: "UUID"}, "uuid", true, true},
		{config.Override{DBType: "uuid"}, "UUID", false, false},
		{config.Override{DBType: "uuid", Nullable: true}, "UUID", true, false},
		{config.Override{DBType: "uuid", Nullable: true}, "UUID", false, true},
		{config.Override{DBType: "unsigned big int"}, "UNSIGNED  BIG INT", true, true},
		{config.Override{DBType: "unsignedbigint"}, "UNSIGNED BIG INT", true, true},
		{config.Override{DBType: "decimal(10, 5)"}, "DECIMAL(10,5)", true, true},
		{config.Override{DBType: "decimal"}, "DECIMAL(10,5)", true, false},
		{config.Override{Column: "a.b"}, "", true, false},
	} {
		if got := test.override.MatchesType(test.declared, test.notNull); got != test.want {
			t.Errorf("%+v matches %s, not null %t: %t", test.override, test.declared, test.notNull, got)
		}
	}
}
