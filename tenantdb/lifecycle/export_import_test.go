package lifecycle_test

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

func TestAnExportIsImportedOnAnotherServerUnderAnotherID(t *testing.T) {
	here, there := newWorld(t, lifecycle.Options{}), newWorld(t, lifecycle.Options{})
	id := here.create(t, "acme", "first")
	for _, err := range []error{
		here.cat.SetDisplayName(t.Context(), id, "Acme"),
		here.cat.SetLabels(t.Context(), id, map[string]string{"plan": "pro"}),
		here.cat.AddAlias(t.Context(), id, "domain", "acme.example"),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "acme.tar")
	e, err := here.m.Export(t.Context(), id, path)
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]int64{}
	for _, table := range e.Tables {
		rows[table.Name] = table.Rows
	}
	if rows["config"] != 1 || e.Database.SchemaVersion == 0 || e.Database.Tenant != id || e.Database.Mark != "" || len(e.Aliases) != 1 {
		t.Errorf("got %+v", e)
	}
	if _, ok := rows["silo_file"]; ok {
		t.Errorf("tables %v", rows)
	}
	_, err = here.m.Export(t.Context(), id, path)
	wantErr(t, err, fs.ErrExist)

	moved, err := there.m.Import(t.Context(), path, creation{ID: tenanttest.ID(t, "acme-2"), Labels: map[string]string{"plan": "trial"}})
	if err != nil || moved.DisplayName != "Acme" || moved.Labels["plan"] != "trial" {
		t.Fatalf("got %+v, %v", moved, err)
	}
	there.wantValue(t, moved.ID, "made", "first")
	if aliases, err := there.cat.Aliases(t.Context(), moved.ID); len(aliases) > 0 || err != nil {
		t.Errorf("an export has claimed %v, %v", aliases, err)
	}
	again := filepath.Join(filepath.Dir(path), "again.tar")
	e2, err := there.m.Export(t.Context(), moved.ID, again)
	if err != nil || len(e2.Tables) != len(e.Tables) {
		t.Fatal(e2, err)
	}
	for i := range e.Tables {
		if e2.Tables[i] != e.Tables[i] {
			t.Errorf("there %v, here %v", e2.Tables[i], e.Tables[i])
		}
	}
	here.wantHealthy(t)
	there.wantHealthy(t)
}

func TestABareDatabaseIsImportedToo(t *testing.T) {
	w := newWorld(t, lifecycle.Options{Backups: lifecycle.NewFolder(t.TempDir())})
	id := w.create(t, "acme", "first")
	path := filepath.Join(t.TempDir(), "copy.db")
	if _, err := w.store.Snapshot(t.Context(), id, path, tenantdb.SnapshotOptions{}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.m.Import(t.Context(), path, creation{ID: tenanttest.ID(t, "copy")}); err != nil {
		t.Fatal(err)
	}
	w.wantValue(t, tenanttest.ID(t, "copy"), "made", "first")
}

// member is one of an archive.
type member struct {
	header  tar.Header
	content []byte
}

func readMembers(t *testing.T, path string) (list []member) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for r := tar.NewReader(f); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			return list
		}
		content, readErr := io.ReadAll(r)
		if err = errors.Join(err, readErr); err != nil {
			t.Fatal(err)
		}
		list = append(list, member{*header, content})
	}
}

func writeMembers(t *testing.T, path string, list []member) {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, m := range list {
		m.header.Size = int64(len(m.content))
		if m.header.Typeflag != tar.TypeReg {
			m.header.Size = 0
		}
		err := w.WriteHeader(&m.header)
		if err == nil && m.header.Size > 0 {
			_, err = w.Write(m.content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), os.WriteFile(path, out.Bytes(), 0o600)); err != nil {
		t.Fatal(err)
	}
}

func TestAFileThatIsNoExportIsRefusedWithAReasonAndNothingIsChanged(t *testing.T) {
	w := newWorld(t, lifecycle.Options{})
	id := w.create(t, "acme", "first")
	folder := t.TempDir()
	good := filepath.Join(folder, "good.tar")
	if _, err := w.m.Export(t.Context(), id, good); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	bytesOf := func(b []byte) func(string) error {
		return func(path string) error { return os.WriteFile(path, b, 0o600) }
	}
	edited := func(edit func(list []member) []member) func(string) error {
		return func(path string) error {
			writeMembers(t, path, edit(readMembers(t, good)))
			return nil
		}
	}
	manifest := func(edit func(e *lifecycle.Exported)) func(string) error {
		return edited(func(list []member) []member {
			var e lifecycle.Exported
			if err := json.Unmarshal(list[0].content, &e); err != nil {
				t.Fatal(err)
			}
			edit(&e)
			list[0].content, _ = json.Marshal(e)
			return list
		})
	}
	flipped := bytes.Clone(content)
	flipped[len(flipped)/2] ^= 4
	for name, make := range map[string]func(path string) error{
		"empty":                 bytesOf(nil),
		"a hundred bytes":       bytesOf(make([]byte, 100)),
		"cut off":               bytesOf(content[:len(content)/2]),
		"cut off in its header": bytesOf(content[:700]),
		"a flipped bit":         bytesOf(flipped),
		"another program's":     bytesOf([]byte("SQLite format 3\x00 and then something else, which is longer than that is, and longer than its header")),
		"a link":                func(path string) error { return os.Symlink(good, path) },
		"a folder":              func(path string) error { return os.Mkdir(path, 0o700) },
		"no manifest":           edited(func(list []member) []member { return list[1:] }),
		"no database":           edited(func(list []member) []member { return list[:1] }),
		"the other way round":   edited(func(list []member) []member { return []member{list[1], list[0]} }),
		"one member more":       edited(func(list []member) []member { return append(list, list[1]) }),
		"a path in a name":      edited(func(list []member) []member { list[1].header.Name = "../tenants/evil.db"; return list }),
		"a link for a database": edited(func(list []member) []member {
			list[1].header.Typeflag, list[1].header.Linkname = tar.TypeSymlink, "/etc/passwd"
			return list
		}),
		"another sum":    manifest(func(e *lifecycle.Exported) { e.Database.SHA256 = "00" }),
		"another size":   manifest(func(e *lifecycle.Exported) { e.Database.Size++ }),
		"another format": manifest(func(e *lifecycle.Exported) { e.Format = 2 }),
		"no JSON":        edited(func(list []member) []member { list[0].content = []byte("{"); return list }),
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(folder, name)
			if err := make(path); err != nil {
				t.Fatal(err)
			}
			to := tenanttest.ID(t, "evil")
			_, err := w.m.Import(t.Context(), path, creation{ID: to})
			wantErr(t, err, tenantdb.ErrUnfit)
			_, err = w.cat.Get(t.Context(), to)
			wantErr(t, err, catalog.ErrNotRegistered)
			w.wantHealthy(t)
		})
	}
	for _, path := range []string{"", folder + "/x/../good.tar", filepath.Join(w.dir.Path(), "tenants", "acme.db")} {
		_, err := w.m.Import(t.Context(), path, creation{ID: tenanttest.ID(t, "evil")})
		wantErr(t, err, tenantdb.ErrUnfit)
	}
	for _, path := range []string{"", filepath.Join(w.dir.Path(), "acme.tar"), filepath.Join(w.dir.Path(), "tenants", "acme.tar")} {
		_, err := w.m.Export(t.Context(), id, path)
		wantErr(t, err, fs.ErrInvalid)
	}
}

// A manifest that says the truth of an evil database does not make it fit.
func TestAnEvilDatabaseWithARightManifestIsRefused(t *testing.T) {
	w := newWorld(t, lifecycle.Options{})
	id := w.create(t, "acme", "first")
	folder := t.TempDir()
	good, evil := filepath.Join(folder, "good.tar"), filepath.Join(folder, "evil.tar")
	if _, err := w.m.Export(t.Context(), id, good); err != nil {
		t.Fatal(err)
	}
	list := readMembers(t, good)
	var e lifecycle.Exported
	if err := json.Unmarshal(list[0].content, &e); err != nil {
		t.Fatal(err)
	}
	// The text of a table's definition in its schema: what it allows is another thing then.
	changed := bytes.ReplaceAll(list[1].content, []byte("CHECK (slug <> '')"), []byte("CHECK (slug =  '')"))
	if bytes.Equal(changed, list[1].content) {
		t.Fatal("the schema has another text")
	}
	list[1].content = changed
	e.Database.SHA256 = lifecycle.SumOf(changed)
	list[0].content, _ = json.Marshal(e)
	writeMembers(t, evil, list)
	_, err := w.m.Import(t.Context(), evil, creation{ID: tenanttest.ID(t, "evil")})
	wantErr(t, err, tenantdb.ErrUnfit, tenantdb.ErrSchemaDiverged)
	w.wantHealthy(t)
}
