package sqlite_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"testing"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

func TestPagesAreThoseOfTheSnapshotThatTheConnectionHas(t *testing.T) {
	dir := folder(t)
	path := filepath.Join(dir, "a.db")
	withLog(t, path)
	writer := open(t, path, sqlite.Config{})
	for i := range 50 {
		exec(t, writer, fmt.Sprintf("INSERT INTO t VALUES (printf('%%04000d', %d))", i))
	}
	source := open(t, path, sqlite.Config{})
	if err := source.BeginRead(); err != nil {
		t.Fatal(err)
	}
	if err := source.TakeSnapshot(); err != nil {
		t.Fatal(err)
	}
	var pages int
	if _, err := source.Once("PRAGMA page_count", func(row *sqlite.Stmt) { pages = int(row.ColumnInt(0)) }); err != nil {
		t.Fatal(err)
	}
	var image []byte
	err := source.Pages(func(page []byte) error {
		image = append(image, page...)
		exec(t, writer, "INSERT INTO t VALUES (printf('%02000d', 1))")
		return nil
	})
	if err != nil || pages < 50 || len(image) != pages*4096 {
		t.Fatalf("%d bytes of %d pages: %v", len(image), pages, err)
	}
	header := (*[sqlite.HeaderSize]byte)(image)
	sqlite.UnmarkWAL(header)
	sqlite.CountPages(header, uint32(pages))
	copied, err := sqlite.OpenImage(t.Context(), bytes.NewReader(image), int64(len(image)), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer copied.Close()
	var n int64
	if _, err := copied.QueryRow("SELECT count(*) FROM t", func(row *sqlite.Stmt) { n = row.ColumnInt(0) }); err != nil || n != 50 {
		t.Errorf("the copy has %d rows, %v", n, err)
	}
	if err := copied.IntegrityCheck(); err != nil {
		t.Error(err)
	}
	if err := copied.Exec("DELETE FROM t"); err == nil {
		t.Error("what was loaded to be read is written to")
	}
	if _, err := sqlite.OpenImage(t.Context(), bytes.NewReader(image[1:]), int64(len(image)), nil); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("less than was announced: %v", err)
	}
}

func TestPagesEndWithTheErrorOfWhoReadsThem(t *testing.T) {
	path := filepath.Join(folder(t), "a.db")
	withLog(t, path)
	conn := open(t, path, sqlite.Config{})
	enough, calls := errors.New("enough"), 0
	err := conn.Pages(func([]byte) error {
		calls++
		return enough
	})
	if !errors.Is(err, enough) || calls != 1 {
		t.Errorf("%v after %d pages", err, calls)
	}
}

func TestAHeaderSaysHowManyPagesThereAre(t *testing.T) {
	header := [sqlite.HeaderSize]byte{24: 1, 25: 2, 26: 3, 27: 4, 28: 9, 92: 9}
	sqlite.CountPages(&header, 0x01020304)
	if want := ([sqlite.HeaderSize]byte{24: 1, 25: 2, 26: 3, 27: 4, 28: 1, 29: 2, 30: 3, 31: 4, 92: 1, 93: 2, 94: 3, 95: 4}); header != want {
		t.Errorf("got %v, want %v", header, want)
	}
}
