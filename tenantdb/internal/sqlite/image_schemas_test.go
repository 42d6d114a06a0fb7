package sqlite_test

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// imageOf returns the file's database as one that has no log.
func imageOf(t *testing.T, path string) (image []byte) {
	t.Helper()
	err := open(t, path, sqlite.Config{}).Image(func(of []byte) error {
		image = bytes.Clone(of)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	sqlite.UnmarkWAL((*[sqlite.HeaderSize]byte)(image))
	return image
}

func openImage(t *testing.T, image []byte, kept *sqlite.Schemas) *sqlite.Conn {
	t.Helper()
	c, err := sqlite.OpenImage(t.Context(), bytes.NewReader(image), int64(len(image)), kept)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func TestAnImageIsReadWithTheSchemaThatAFileHasLeft(t *testing.T) {
	kept := schemas(t)
	path := file(t, append(everything, useAll[:3]...)...)
	image := imageOf(t, path)
	if c := openImage(t, image, kept); c.Adopted() {
		t.Error("it has one, where none was left")
	} else if err := c.Close(); err != nil || kept.Kept() != 1 {
		t.Errorf("%d were left, %v", kept.Kept(), err)
	}
	for range 3 {
		c := openImage(t, image, kept)
		if !c.Adopted() {
			t.Error("it was read anew")
		}
		wantText(t, c, "SELECT name || n FROM both", "p2")
		wantText(t, c, "SELECT count(*) FROM search('p')", "1")
		wantText(t, c, "PRAGMA integrity_check", "ok")
		if err := c.Exec("DELETE FROM parent"); err == nil {
			t.Error("it was written to")
		}
		if err := c.Close(); err != nil || kept.Kept() != 1 {
			t.Errorf("%d are left, %v", kept.Kept(), err)
		}
	}
	if !visit(t, kept, path, useAll[1:]...) {
		t.Error("what the image has left no file has")
	}
}

func TestAnImageOfAnotherSchemaIsNotTakenForOne(t *testing.T) {
	kept := schemas(t)
	visit(t, kept, file(t, "CREATE TABLE t (a)"))
	c := openImage(t, imageOf(t, file(t, "CREATE TABLE t (b)", "INSERT INTO t VALUES ('other')")), kept)
	if c.Adopted() {
		t.Error("it was taken for the usual one")
	}
	wantText(t, c, "SELECT b FROM t", "other")
}

func TestAnImageThatCannotBeReadLosesNoSchema(t *testing.T) {
	kept := schemas(t)
	path := file(t, "CREATE TABLE t (a)")
	visit(t, kept, path)
	image := imageOf(t, path)
	if _, err := sqlite.OpenImage(t.Context(), bytes.NewReader(image[1:]), int64(len(image)), kept); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("less than was announced: %v", err)
	}
	clear(image[:16])
	if _, err := sqlite.OpenImage(t.Context(), bytes.NewReader(image), int64(len(image)), kept); err == nil {
		t.Error("it is none, and was read")
	}
	if !visit(t, kept, path) {
		t.Error("the schema is lost")
	}
}
