package migrate_test

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"github.com/silokit/silo/tenantdb/internal/migrate"
)

const up = "-- +goose Up\nCREATE TABLE a (id INTEGER);\n"

func TestSetsThatCannotBeRunAsAWholeAreRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		files fstest.MapFS
		want  string
	}{
		"none":                       {files(), "invalid migrations: there is no .sql file; embed the folder, as in //go:embed tenant/*.sql"},
		"other files":                {files("README.md", "x", "a.go", "x"), "invalid migrations: there is no .sql file; embed the folder, as in //go:embed tenant/*.sql"},
		"two folders":                {files("a/1_x.sql", up, "b/2_x.sql", up), "b/2_x.sql: invalid migrations: migrations lie in more than one folder, the other is a"},
		"root and one":               {files("1_x.sql", up, "b/2_x.sql", up), "b/2_x.sql: invalid migrations: migrations lie in more than one folder, the other is ."},
		"folder below":               {files("a/1_x.sql", up, "a/b/2_x.sql", up), "a/b/2_x.sql: invalid migrations: migrations lie in more than one folder, the other is a"},
		"duplicate":                  {files("00001_a.sql", up, "00001_b.sql", up), "00001_b.sql: invalid migrations: has the same number as 00001_a.sql"},
		"duplicate of another width": {files("00001_a.sql", up, "1_b.sql", up), "1_b.sql: invalid migrations: has the same number as 00001_a.sql"},
		"unpadded": {files("9_a.sql", up, "10_b.sql", up),
			"10_b.sql: invalid migrations: sorts before 9_a.sql by name but after it by number; pad the numbers to the same width"},
		"no number":     {files("create.sql", up), "create.sql: invalid migrations: the name must be NUMBER_title.sql, such as 00001_create_users.sql"},
		"no title":      {files("1.sql", up), "1.sql: invalid migrations: the name must be NUMBER_title.sql, such as 00001_create_users.sql"},
		"zero":          {files("0_a.sql", up), "0_a.sql: invalid migrations: the name must be NUMBER_title.sql, such as 00001_create_users.sql"},
		"negative":      {files("-1_a.sql", up), "-1_a.sql: invalid migrations: the name must be NUMBER_title.sql, such as 00001_create_users.sql"},
		"no digits":     {files("one_a.sql", up), "one_a.sql: invalid migrations: the name must be NUMBER_title.sql, such as 00001_create_users.sql"},
		"too large":     {files("9223372036854775808_a.sql", up), "9223372036854775808_a.sql: invalid migrations: the name must be NUMBER_title.sql, such as 00001_create_users.sql"},
		"empty":         {files("1_a.sql", ""), "1_a.sql:1: invalid migrations: there is no line `-- +goose Up`"},
		"without Up":    {files("1_a.sql", "CREATE TABLE a (id INTEGER);\n"), "1_a.sql:1: invalid migrations: there is SQL before the line `-- +goose Up`"},
		"comment alone": {files("1_a.sql", "-- Nothing.\n"), "1_a.sql:1: invalid migrations: there is no line `-- +goose Up`"},
		"Down only":     {files("1_a.sql", "-- +goose Down\nDROP TABLE a;\n"), "1_a.sql:1: invalid migrations: `-- +goose Down` must follow `-- +goose Up`, once"},
		"no transaction, small": {files("1_a.sql", up+"-- +goose no transaction\r\n"),
			"1_a.sql:3: invalid migrations: write the annotation as `-- +goose NO TRANSACTION`, or leave it out: all pending migrations of a tenant run in one transaction"},
		"ENVSUB":                      {files("1_a.sql", "-- +goose Up\n\n-- +goose ENVSUB ON\n"), "1_a.sql:3: invalid migrations: ENVSUB is refused: every tenant's schema must be the same"},
		"no space":                    {files("1_a.sql", "--+goose Up\n"), "1_a.sql:1: invalid migrations: write the annotation as `-- +goose Up`: goose and sqlc do not both read other forms"},
		"two spaces":                  {files("1_a.sql", up+"--  +goose Down\n"), "1_a.sql:3: invalid migrations: write the annotation as `-- +goose Down`: goose and sqlc do not both read other forms"},
		"tab":                         {files("1_a.sql", "--\t+goose Up\n"), "1_a.sql:1: invalid migrations: write the annotation as `-- +goose Up`: goose and sqlc do not both read other forms"},
		"compatible with a later one": {files("2_a.sql", "-- silo: compatible-with 3\n"+up), "2_a.sql:1: invalid migrations: compatible-with takes the number of an earlier migration, not \"3\""},
		"compatible with none":        {files("2_a.sql", up+"-- silo: compatible-with\n"), "2_a.sql:3: invalid migrations: compatible-with takes the number of an earlier migration, not \"\""},
		"compatible with zero":        {files("2_a.sql", "-- silo: compatible-with 0\n"+up), "2_a.sql:1: invalid migrations: compatible-with takes the number of an earlier migration, not \"0\""},
		"compatible with a name":      {files("2_a.sql", "-- silo: compatible-with 1_a.sql\n"+up), "2_a.sql:1: invalid migrations: compatible-with takes the number of an earlier migration, not \"1_a.sql\""},
		"several": {files("1_a.sql", "", "x.sql", up, "3_c.sql", "--+goose Up\n"), "1_a.sql:1: invalid migrations: there is no line `-- +goose Up`\n" +
			"3_c.sql:1: invalid migrations: write the annotation as `-- +goose Up`: goose and sqlc do not both read other forms\n" +
			"x.sql: invalid migrations: the name must be NUMBER_title.sql, such as 00001_create_users.sql"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := migrate.Load(tt.files)
			if !errors.Is(err, migrate.ErrInvalid) || err.Error() != tt.want {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
		})
	}
}

// unreadable is a file system of which nothing can be read but names.
type unreadable struct{ fstest.MapFS }

func (unreadable) ReadFile(string) ([]byte, error) { return nil, fs.ErrPermission }

func TestAFileThatCannotBeReadIsTold(t *testing.T) {
	_, err := migrate.Load(unreadable{files("tenant/1_a.sql", up)})
	var of *migrate.Error
	if !errors.Is(err, fs.ErrPermission) || !errors.As(err, &of) || !errors.Is(of, migrate.ErrInvalid) || of.File == "" {
		t.Errorf("got %v", err)
	}
}

// changing is a folder whose files are others each time that they are read.
type changing struct {
	fstest.MapFS
	reads *int
}

func (c changing) Open(name string) (fs.File, error) {
	if strings.HasSuffix(name, ".sql") {
		*c.reads++
		c.MapFS[name] = &fstest.MapFile{Data: fmt.Appendf(nil, "-- +goose Up\nCREATE TABLE read%d (a);\n", *c.reads)}
	}
	return c.MapFS.Open(name)
}

func (c changing) ReadFile(name string) ([]byte, error) { return fs.ReadFile(struct{ fs.FS }{c}, name) }
func (c changing) Sub(string) (fs.FS, error)            { return c, nil }

// The sum and what is run are of one text, also of a folder that is edited meanwhile.
func TestWhatIsRunIsTheTextThatTheSumIsOf(t *testing.T) {
	set, err := migrate.Load(changing{files("1_a.sql", ""), new(int)})
	if err != nil {
		t.Fatal(err)
	}
	conn := memory(t)
	mustApply(t, conn, set)
	if got := rows(t, conn, "SELECT name FROM sqlite_schema WHERE name LIKE 'read%'"); len(got) != 1 || set.Migrations[0].Sum != sum(t, "-- +goose Up\nCREATE TABLE "+got[0]+" (a);\n") {
		t.Errorf("%q was made, by a text of another sum", got)
	}
}

// Of a set that goose refuses there is none.
func TestAFolderWithAMigrationInGoIsRefused(t *testing.T) {
	for _, name := range []string{"00001_a.go", "00002_b.go"} {
		if set, err := migrate.Load(files("00001_a.sql", up, name, "package migrations")); set != nil || !errors.Is(err, migrate.ErrInvalid) {
			t.Errorf("%s: got %v, %v", name, set, err)
		}
	}
}

func TestMigrationsAreReadByNumberFromTheRootOrOneFolder(t *testing.T) {
	texts := []string{"00010_c.sql", "-- silo: compatible-with 2\n" + up, "00002_b.sql", up, "00001_a.sql", up, "README.md", "x"}
	root := load(t, files(texts...))
	for i := 0; i < len(texts); i += 2 {
		texts[i] = "schema/tenant/" + texts[i]
	}
	folder := load(t, files(texts...))
	for place, set := range map[string]*migrate.Set{"root": root, "folder": folder} {
		var got []string
		for _, m := range set.Migrations {
			got = append(got, m.Name)
		}
		if strings.Join(got, " ") != "00001_a.sql 00002_b.sql 00010_c.sql" || set.Latest() != 10 {
			t.Errorf("%s: %v, the latest %d", place, got, set.Latest())
		}
		if a, c := set.Migrations[0], set.Migrations[2]; a.CompatibleWith != 1 || c.CompatibleWith != 2 || c.Version != 10 {
			t.Errorf("%s: compatible with %d and %d", place, a.CompatibleWith, c.CompatibleWith)
		}
	}
	if root.Digest != folder.Digest {
		t.Error("the digest depends on the folder")
	}
}

func sum(t testing.TB, text string) string {
	t.Helper()
	return load(t, files("1_a.sql", text)).Migrations[0].Sum
}

func TestSumIsOfWhatAMigrationDoes(t *testing.T) {
	const text = "-- +goose Up\nCREATE TABLE a (\n\tid INTEGER\n);\n-- +goose Down\nDROP TABLE a;\n"
	want := sum(t, text)
	for name, same := range map[string]string{
		"comment before":   "-- What it is for.\n" + text,
		"comment after":    text + "-- The end.\n",
		"comment between":  strings.Replace(text, "CREATE", "-- It makes a.\nCREATE", 1),
		"comment inside":   strings.Replace(text, "\tid", "\t-- The key.\n\tid", 1),
		"blank lines":      strings.ReplaceAll(text, "\n", "\n\n"),
		"indentation":      strings.ReplaceAll(text, "\tid", "    id"),
		"Windows":          strings.ReplaceAll(text, "\n", "\r\n"),
		"no last line end": strings.TrimSpace(text),
		"compatible-with":  "-- silo: compatible-with 1\n" + text,
		"spaces inside":    strings.Replace(text, "TABLE a (", "TABLE  a\t(", 1),
		"block comment":    strings.Replace(text, "TABLE a", "TABLE /* no\nmatter */ a", 1),
		"line ends":        strings.Replace(text, "a (\n", "a ( ", 1),
		"without Down":     text[:strings.Index(text, "-- +goose Down")],
		"another Down":     strings.Replace(text, "DROP TABLE", "DROP TABLE IF EXISTS", 1),
	} {
		if sum(t, same) != want {
			t.Errorf("%s counts", name)
		}
	}
	for name, other := range map[string]string{
		"column":          strings.Replace(text, "id", "ID", 1),
		"no space at all": strings.Replace(text, "id INTEGER", "idINTEGER", 1),
		"quoted space":    "-- +goose Up\nSELECT 'a  b';\n",
		"quoted comment":  "-- +goose Up\nSELECT 'a--b';\n",
		"statement":       strings.Replace(text, "CREATE", "SELECT 1;\nCREATE", 1),
	} {
		if sum(t, other) == want {
			t.Errorf("%s does not count", name)
		}
	}
}

func TestDigestChangesWithEveryByteAndName(t *testing.T) {
	base := []string{"00001_a.sql", "-- +goose Up\nSELECT 1;\n-- abcdefghi\n", "00002_b.sql", "-- +goose Up\n-- a comment\nSELECT 2;\n"}
	want := load(t, files(base...)).Digest
	if len(want) != 64 || load(t, files(base...)).Digest != want {
		t.Fatalf("the digest is %q", want)
	}
	rapid.Check(t, func(rt *rapid.T) {
		changed := append([]string(nil), base...)
		which := rapid.IntRange(0, 1).Draw(rt, "file")
		switch rapid.SampledFrom([]string{"append", "insert", "name", "file", "move"}).Draw(rt, "change") {
		case "append":
			changed[2*which+1] += rapid.SampledFrom([]string{"\n", " ", "\r\n", "-- x\n", "\n\n"}).Draw(rt, "what")
		case "insert":
			text := changed[2*which+1]
			at := strings.Index(text, "SELECT ") + len("SELECT ")
			changed[2*which+1] = text[:at] + string(rune(rapid.IntRange('a', 'z').Draw(rt, "byte"))) + text[at:]
		case "name":
			changed[2*which] = strings.Replace(changed[2*which], ".sql", rapid.StringMatching("[a-z]{1,5}").Draw(rt, "name")+".sql", 1)
		case "file":
			changed = append(changed, "00003_c.sql", up)
		case "move": // the same bytes, cut between the files elsewhere
			n := rapid.IntRange(1, len("abcdefghi\n")).Draw(rt, "bytes")
			first := changed[1]
			changed[1], changed[3] = first[:len(first)-n], "-- "+first[len(first)-n:]+"\n"+changed[3]
		}
		if load(t, files(changed...)).Digest == want {
			rt.Fatalf("another set has the same digest: %q", changed)
		}
	})
}

func FuzzLoadNeverPanicsAndFailsByErrInvalid(f *testing.F) {
	f.Add("00001_a.sql", up)
	f.Add("folder/1_a.sql", "-- silo: compatible-with 1\r\n-- +goose Up\r\n")
	f.Add("_.sql", "--+goose")
	f.Add("9223372036854775807_.sql", "--\n-- +goose\n-- +goose \n--+goose Up")
	f.Add("+1_a.sql", "-- +goose up\n-- silo: compatible-with -9")
	f.Add("1_\n.sql", "\xef\xbb\xbf-- +goose Up")
	f.Fuzz(func(t *testing.T, name, text string) {
		if !fs.ValidPath(name) || name == "." {
			return
		}
		set, err := migrate.Load(files(name, text))
		if err != nil {
			if !errors.Is(err, migrate.ErrInvalid) || err.Error() == "" {
				t.Errorf("got %v", err)
			}
			return
		}
		m := set.Migrations[0]
		if len(set.Migrations) != 1 || m.Version < 1 || m.CompatibleWith < 1 || m.CompatibleWith > m.Version || len(m.Sum) != 64 || len(set.Digest) != 64 {
			t.Errorf("got %+v", set)
		}
	})
}
