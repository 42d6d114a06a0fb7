package lifecycle_test

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

// hostile is a world, and files to be spoilt before it is to import them.
type hostile struct {
	world
	id       tenantdb.ID
	folder   string
	archive  []byte // an export
	manifest lifecycle.Exported
	database []byte
}

func newHostile(t *testing.T) *hostile {
	t.Helper()
	h := &hostile{world: newWorld(t, lifecycle.Options{}), folder: t.TempDir()}
	h.id = h.create(t, "acme", "first")
	path := filepath.Join(h.folder, "good.tar")
	var err error
	if h.manifest, err = h.m.Export(t.Context(), h.id, path); err != nil {
		t.Fatal(err)
	}
	if h.archive, err = os.ReadFile(path); err != nil {
		t.Fatal(err)
	}
	h.database = readMembers(t, path)[1].content
	return h
}

// members returns an archive of a manifest and a database.
func (h *hostile) members(t *testing.T, e lifecycle.Exported, database []byte) []member {
	t.Helper()
	manifest, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	header := tar.Header{Typeflag: tar.TypeReg, Mode: 0o600, Format: tar.FormatPAX}
	list := []member{{header, manifest}, {header, database}}
	list[0].header.Name, list[1].header.Name = "manifest.json", "tenant.db"
	return list
}

// truthful is the manifest with size and sum of another database.
func (h *hostile) truthful(database []byte) lifecycle.Exported {
	e := h.manifest
	e.Database.Size, e.Database.SHA256 = int64(len(database)), lifecycle.SumOf(database)
	return e
}

// files returns the names and sizes in the data folder, but for the global database, where it is
// recorded that something was tried.
func (h *hostile) files(t *testing.T) map[string]int64 {
	t.Helper()
	all := map[string]int64{}
	for _, pattern := range []string{"tenants/*", "tenants/.*", "deleted/*", "work/*.*", "work/*/*", "locks/*", "backups/*/*"} {
		found, err := filepath.Glob(filepath.Join(h.dir.Path(), pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range found {
			info, err := os.Lstat(path)
			if err != nil {
				t.Fatal(err)
			}
			all[path] = info.Size()
		}
	}
	return all
}

// refuses has a file imported, which must be refused and change nothing.
func (h *hostile) refuses(t *testing.T, path, says string) {
	t.Helper()
	before := h.files(t)
	_, err := h.m.Import(t.Context(), path, creation{ID: copied})
	if !errors.Is(err, tenantdb.ErrUnfit) || !strings.Contains(fmt.Sprint(err), says) {
		t.Errorf("got %v, which should be unfit and say %q", err, says)
	}
	if _, err := h.cat.Get(t.Context(), copied); !errors.Is(err, catalog.ErrNotRegistered) {
		t.Errorf("it is in the catalog: %v", err)
	}
	if err == nil { // not in the way of what is tried next
		if _, err := h.m.Erase(t.Context(), copied); err != nil {
			t.Fatal(err)
		}
		return
	}
	if now := h.files(t); !maps.Equal(now, before) {
		t.Errorf("the folder had %v, has %v", before, now)
	}
}

func TestAnArchiveThatIsNotAsExportWritesItIsRefused(t *testing.T) {
	h := newHostile(t)
	manifest, err := json.Marshal(h.manifest)
	if err != nil {
		t.Fatal(err)
	}
	first := rawMember{name: "manifest.json", typeflag: tar.TypeReg, size: int64(len(manifest)), content: manifest}
	second := rawMember{name: "tenant.db", typeflag: tar.TypeReg, size: int64(len(h.database)), content: h.database}
	with := func(edit func(first, second *rawMember)) []byte {
		a, b := first, second
		edit(&a, &b)
		return rawTar(a, b)
	}
	// lying has another manifest.
	lying := func(edit func(e *lifecycle.Exported)) []byte {
		e := h.manifest
		edit(&e)
		text, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		return with(func(a, _ *rawMember) { a.content, a.size = text, int64(len(text)) })
	}
	const tera = 1 << 40
	huge := h.manifest
	huge.Database.Size = tera
	hugeManifest, err := json.Marshal(huge)
	if err != nil {
		t.Fatal(err)
	}
	declaring := func(edit func(b *rawMember)) []byte {
		return with(func(a, b *rawMember) {
			a.content, a.size = hugeManifest, int64(len(hugeManifest))
			edit(b)
		})
	}
	for name, tt := range map[string]struct {
		content []byte
		says    string
	}{
		"two databases":       {rawTar(first, second, second), "something follows"},
		"two manifests":       {rawTar(first, first, second), "manifest.json"},
		"a hard link":         {with(func(_, b *rawMember) { b.typeflag, b.link, b.size, b.content = tar.TypeLink, "manifest.json", 0, nil }), "where tenant.db should be"},
		"a symbolic link":     {with(func(_, b *rawMember) { b.typeflag, b.link, b.size, b.content = tar.TypeSymlink, "/etc/passwd", 0, nil }), "where tenant.db should be"},
		"a character device":  {with(func(_, b *rawMember) { b.typeflag, b.size, b.content = tar.TypeChar, 0, nil }), "where tenant.db should be"},
		"a block device":      {with(func(_, b *rawMember) { b.typeflag, b.size, b.content = tar.TypeBlock, 0, nil }), "where tenant.db should be"},
		"a pipe":              {with(func(_, b *rawMember) { b.typeflag, b.size, b.content = tar.TypeFifo, 0, nil }), "where tenant.db should be"},
		"a folder":            {with(func(_, b *rawMember) { b.name, b.typeflag, b.size, b.content = "tenant.db/", tar.TypeDir, 0, nil }), "where tenant.db should be"},
		"a path upwards":      {with(func(_, b *rawMember) { b.name = "../../tenants/copy.db" }), "where tenant.db should be"},
		"an absolute path":    {with(func(_, b *rawMember) { b.name = "/tenant.db" }), "where tenant.db should be"},
		"a PAX path upwards":  {with(func(_, b *rawMember) { b.records = map[string]string{"path": "../tenant.db"} }), "where tenant.db should be"},
		"NUL in a PAX path":   {with(func(_, b *rawMember) { b.records = map[string]string{"path": "tenant.db\x00/../../copy.db"} }), "no archive"},
		"NUL in a PAX link":   {with(func(_, b *rawMember) { b.records = map[string]string{"linkpath": "a\x00b"} }), "no archive"},
		"a wrong check sum":   {flipBit(rawTar(first, second), 149), "no archive"},
		"a negative size":     {with(func(_, b *rawMember) { b.records = map[string]string{"size": "-1"} }), "no archive"},
		"a PAX size of 8 EiB": {with(func(_, b *rawMember) { b.records = map[string]string{"size": "9223372036854775807"} }), "bytes"},

		"a huge size that is not there": {declaring(func(b *rawMember) { b.size, b.content = tera, nil }), "bytes"},
		"a sparse bomb": {declaring(func(b *rawMember) { // https://www.gnu.org/software/tar/manual/html_node/PAX-1.html
			b.records = map[string]string{"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": "tenant.db", "GNU.sparse.realsize": fmt.Sprint(tera)}
			b.content = padded([]byte(fmt.Sprintf("1\n%d\n0\n", tera)))
			b.size = int64(len(b.content))
		}), "bytes"},
		"an old sparse bomb": {declaring(func(b *rawMember) {
			b.records = map[string]string{"GNU.sparse.size": fmt.Sprint(tera), "GNU.sparse.numblocks": "1", "GNU.sparse.map": fmt.Sprintf("%d,0", tera)}
			b.size, b.content = 0, nil
		}), "bytes"},
		"a manifest of 100 MB":            {with(func(a, _ *rawMember) { a.size = 100 << 20 }), "its manifest has 104857600 bytes"},
		"a manifest of 100 MB, all there": {with(func(a, _ *rawMember) { a.size, a.content = 100<<20, make([]byte, 100<<20) }), "its manifest has 104857600 bytes"},
		"a manifest of no object":         {with(func(a, _ *rawMember) { a.size, a.content = 4, []byte("null") }), "format 0"},
		"a manifest nested deeply": {with(func(a, _ *rawMember) {
			a.content = []byte(`{"format":1,"metadata":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + "}")
			a.size = int64(len(a.content))
		}), "its manifest"},

		"a lie about the sum":         {lying(func(e *lifecycle.Exported) { e.Database.SHA256 = strings.Repeat("0", 64) }), "SHA-256"},
		"a lie about the size":        {lying(func(e *lifecycle.Exported) { e.Database.Size++ }), "the manifest says"},
		"a lie about the version":     {lying(func(e *lifecycle.Exported) { e.Database.SchemaVersion-- }), "version"},
		"a lie about the schema":      {lying(func(e *lifecycle.Exported) { e.Database.Schema = "other" }), "other"},
		"a lie about the tenant":      {lying(func(e *lifecycle.Exported) { e.Database.Tenant = globex }), "globex"},
		"a lie about the incarnation": {lying(func(e *lifecycle.Exported) { e.Database.Incarnation = "00" }), "incarnation"},
		"a lie about the rows":        {lying(func(e *lifecycle.Exported) { e.Tables = changedRows(e.Tables) }), "rows"},
		"a table too few":             {lying(func(e *lifecycle.Exported) { e.Tables = e.Tables[1:] }), "tables"},
		"a table too many": {lying(func(e *lifecycle.Exported) {
			e.Tables = append(e.Tables[:len(e.Tables):len(e.Tables)], lifecycle.Table{Name: "zoo"})
		}), "tables"},
		"a label without a name": {lying(func(e *lifecycle.Exported) { e.Labels = map[string]string{"": "x"} }), ""},
	} {
		t.Run(strings.ReplaceAll(name, " ", "-"), func(t *testing.T) {
			path := filepath.Join(h.folder, "evil.tar")
			writeBytes(t, path, tt.content)
			begun := time.Now()
			if name == "a label without a name" {
				_, err := h.m.Import(t.Context(), path, creation{ID: copied})
				wantErr(t, err, catalog.ErrInvalid)
				return
			}
			h.refuses(t, path, tt.says)
			if took := time.Since(begun); took > 2*time.Minute {
				t.Errorf("it was refused after %v", took)
			}
		})
	}
	good := filepath.Join(h.folder, "raw.tar")
	writeBytes(t, good, rawTar(first, second))
	if _, err := h.m.Import(t.Context(), good, creation{ID: copied}); err != nil {
		t.Errorf("the one that is not spoilt: %v", err)
	}
	h.wantHealthy(t)
}

func changedRows(tables []lifecycle.Table) []lifecycle.Table {
	tables = append([]lifecycle.Table{}, tables...)
	tables[0].Rows++
	return tables
}

func flipBit(content []byte, at int) []byte {
	content = bytes.Clone(content)
	content[at] ^= 1 << (at % 8)
	return content
}

// One bit of every 512th byte: in an archive, all of which is summed, none is taken; nor in a
// bare database where SQLite or the schema can tell. Where they cannot, as in a value, the file
// is as good as any other.
func TestAFileWithAFlippedBitIsRefusedOrWhole(t *testing.T) {
	h := newHostile(t)
	archive, bare := filepath.Join(h.folder, "flipped.tar"), filepath.Join(h.folder, "flipped.db")
	manifest := 512 + len(readMembers(t, filepath.Join(h.folder, "good.tar"))[0].content)
	stride := 512
	if testing.Short() {
		stride = 7 * 512
	}
	for at := 0; at < len(h.archive); at += stride {
		writeBytes(t, archive, flipBit(h.archive, at))
		_, err := h.m.Import(t.Context(), archive, creation{ID: copied})
		if at >= 512 && at < manifest && err == nil { // a word in it that nothing depends on
			_, err = h.m.Erase(t.Context(), copied)
			if err == nil {
				continue
			}
		}
		if !errors.Is(err, tenantdb.ErrUnfit) {
			t.Errorf("archive, byte %d: %v", at, err)
		}
	}
	taken := 0
	for at := 0; at < len(h.database); at += stride {
		writeBytes(t, bare, flipBit(h.database, at))
		_, err := h.m.Import(t.Context(), bare, creation{ID: copied})
		if err == nil {
			taken++
			if _, err := h.m.Backup(t.Context(), copied, lifecycle.BackupOptions{}); err != nil {
				t.Errorf("database, byte %d: it was taken, and: %v", at, err)
			}
			_, err = h.m.Erase(t.Context(), copied)
			if err != nil {
				t.Errorf("database, byte %d: it was taken, and: %v", at, err)
			}
			continue
		}
		if !errors.Is(err, tenantdb.ErrUnfit) && !errors.Is(err, tenantdb.ErrNotADatabase) {
			t.Errorf("database, byte %d: %v", at, err)
		}
	}
	t.Logf("of %d bytes, %d in the database that SQLite has no word on", len(h.database)/stride, taken)
	h.wantHealthy(t)
}
