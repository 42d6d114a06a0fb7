package grow

import (
	"errors"
	"strings"
	"testing"
)

func TestColumnsAreRead(t *testing.T) {
	c, err := parseColumn("project_id:references=projects.slug:cascade:null:unique")
	if err != nil {
		t.Fatal(err)
	}
	if c.name != "project_id" || c.kind != references || c.of != "projects" || c.key != "slug" {
		t.Errorf("%+v", c)
	}
	if !c.has(optionCascade) || !c.has(optionNull) || !c.has(optionUnique) || c.has(optionIndex) {
		t.Errorf("options %q", c.options)
	}
	for _, written := range []string{"a:references=projects(id)", "a:references=projects.id"} {
		if c, err := parseColumn(written); err != nil || c.of != "projects" || c.key != "id" {
			t.Errorf("%s: %+v, %v", written, c, err)
		}
	}
}

func TestColumnsThatCannotBeAreRefused(t *testing.T) {
	tests := []struct{ name, written, want string }{
		{"no type", "title", `column "title" has no type: write title:text`},
		{"no name", ":text", `"" cannot be the name of a column`},
		{"an empty type", "title:", `there is no type ""`},
		{"a type of SQL", "title:varchar", `there is no type "varchar": write one of text, int`},
		{"a type that is nearly right", "n:integer", `did you mean int?`},
		{"an option that is nearly right", "n:int:unqiue", `did you mean unique?`},
		{"an option twice", "n:int:null:null", "null is there twice"},
		{"capitals", "dueDate:time", "did you mean due_date?"},
		{"a hyphen", "due-date:time", "did you mean due_date?"},
		{"a space", "due date:time", "did you mean due_date?"},
		{"SQL", "a); DROP TABLE x; --:text", "small letters, digits and underscores"},
		{"another script", "größe:int", "small letters, digits and underscores"},
		{"a digit in front", "1st:int", "a letter first"},
		{"two underscores", "a__b:int", "did you mean a_b?"},
		{"too long", strings.Repeat("a", 64) + ":int", "no more than 63"},
		{"a reference to nothing", "a:references", "name the table that it refers to: a:references=projects"},
		{"a reference to nothing by name", "a:references=", "name the table that it refers to"},
		{"a target of another type", "a:int=projects", "only references= names another table"},
		{"a cascade of nothing", "a:int:cascade", "only a reference can cascade"},
		{"an index twice", "a:int:unique:index", "leave out index"},
		{"an index of a reference", "a:references=b:index", "leave out index"},
		{"a document that is unique", "a:json:unique", "nothing is looked up by a column of type json"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := parseColumn(test.written)
			var spec *SpecError
			if !errors.As(err, &spec) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want a SpecError with %q", err, test.want)
			}
		})
	}
}

func TestTablesOfOddColumnsAreRefused(t *testing.T) {
	tests := []struct {
		name    string
		columns []string
		want    string
	}{
		{"none", nil, "a table needs a column"},
		{"an ID alone", []string{"id:text"}, "a table needs a column"},
		{"one twice", []string{"a:int", "a:text"}, "column a is there twice"},
		{"an ID of another type", []string{"id:blob", "a:int"}, "write id:int or id:text"},
		{"an ID that may be null", []string{"id:int:null", "a:int"}, "write id:int or id:text"},
		{"a time that each table has", []string{"created_at:time", "a:int"}, "created_at is there anyway"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			columns, err := parseColumns(test.columns)
			if err == nil {
				_, err = newTable("notes", columns, loose)
			}
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
		})
	}
}

// Whatever is written on a command line, a column that is taken has a name and types
// that need no escaping, and is read again from what it was read from.
func FuzzParseColumn(f *testing.F) {
	for _, seed := range []string{"title:text", "a:references=b.c:cascade", "a:references=b(c)", "a:int:null:index", ":", "a:references=", "ä:text"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, written string) {
		c, err := parseColumn(written)
		if err != nil {
			var spec *SpecError
			if !errors.As(err, &spec) {
				t.Errorf("%q: %v is no SpecError", written, err)
			}
			return
		}
		if !nameForm.MatchString(c.name) {
			t.Errorf("%q: name %q", written, c.name)
		}
		if (c.kind == references) != (c.of != "") {
			t.Errorf("%q: %+v", written, c)
		}
	})
}
