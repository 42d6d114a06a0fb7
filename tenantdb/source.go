package tenantdb

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/silokit/silo/tenantdb/internal/durable"
	"github.com/silokit/silo/tenantdb/internal/foreign"
	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// Source is a file that a tenant is made of: one that [Store.Snapshot] has made, or that
// was brought from elsewhere.
type Source struct {
	// Path is where it is. Required. It must be a regular file that is not reached through
	// symbolic links or "..", that nobody has open and with no log or journal beside it. It is read
	// as bytes; SQLite opens a copy.
	Path string

	// SHA256, if not empty, is what the sum of its bytes must be, in hexadecimal: that of
	// the manifest. Without it more of the file is checked (SQLite's integrity_check
	// instead of quick_check), and a change of a value is not noticed.
	SHA256 string
}

// copyIn copies the source into the empty file at building, looking at what can be seen
// without SQLite.
func (d *Dir) copyIn(ctx context.Context, source Source, building string) (err error) {
	in, err := d.openSource(source.Path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	before, err := in.Stat()
	if err != nil {
		return err
	}
	if err := checkHeader(in, before.Size()); err != nil {
		return err
	}
	out, err := os.OpenFile(building, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	size, got, err := sum(ctx, io.NewSectionReader(in, 0, before.Size()), out, before.Size())
	if err != nil {
		return err
	}
	after, err := in.Stat()
	switch {
	case err != nil:
		return err
	case size != before.Size() || after.Size() != size || !after.ModTime().Equal(before.ModTime()):
		return unfit("%s was written to while it was copied", source.Path)
	case source.SHA256 != "" && !strings.EqualFold(got, source.SHA256):
		return unfit("%w: %s has SHA-256 %s, it should have %s", ErrCorrupt, source.Path, got, source.SHA256)
	}
	if err := besideSource(source.Path); err != nil { // one may have come to be
		return err
	}
	return setLogMarkOf(out, sqlite.UnmarkWAL)
}

// openSource opens a file that is not to be trusted, to be read as bytes. What is opened
// is a regular file, under that very name, and none of the data folder's own: closing one
// of those would drop SQLite's locks.
func (d *Dir) openSource(path string) (*os.File, error) {
	f, err := foreign.Open(path, func(path string) error {
		if d.layout.own(path) {
			return unfit("%s is one of the data folder's own files; take a Snapshot of the tenant, or Reinstate it", path)
		}
		if err := besideSource(path); err != nil {
			return err
		}
		return d.noSecondName(path)
	})
	var refused *foreign.Refusal
	if errors.As(err, &refused) {
		return nil, unfit("%w", err)
	}
	return f, err
}

// noSecondName refuses a file that has another name among the data folder's own: closing it would
// drop their locks too.
func (d *Dir) noSecondName(path string) error {
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	own, err := durable.NamedIn(info, d.layout.root, tenantsFolder)
	if own {
		err = unfit("%s is a second name of one of the data folder's own files; take a Snapshot of the tenant", path)
	}
	return err
}

// besideSource refuses a database of which a part is in a file beside it.
func besideSource(path string) error {
	for _, name := range beside(path) {
		info, err := os.Lstat(name)
		if errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 || strings.HasSuffix(name, "-shm") {
			continue
		}
		if err != nil {
			return err
		}
		return unfit("there is %s beside it, so it is open, or was copied while it was; take a Snapshot, or close it with its own program first", name)
	}
	return nil
}

// checkHeader looks at the header of a database of that size
// (https://www.sqlite.org/fileformat2.html#the_database_header).
func checkHeader(r io.ReaderAt, size int64) error {
	var header [sqlite.HeaderSize]byte
	if n, err := r.ReadAt(header[:], 0); n < len(header) {
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		return unfit("%w: it has %d bytes, fewer than the header of one", ErrNotADatabase, n)
	}
	if string(header[:16]) != "SQLite format 3\x00" {
		return unfit("%w: it does not begin as one", ErrNotADatabase)
	}
	pageSize := int64(binary.BigEndian.Uint16(header[16:]))
	if pageSize == 1 {
		pageSize = 1 << 16
	}
	pages := int64(binary.BigEndian.Uint32(header[28:]))
	encoding := binary.BigEndian.Uint32(header[56:])
	app := binary.BigEndian.Uint32(header[68:])
	switch {
	case pageSize < 512 || pageSize&(pageSize-1) != 0:
		return unfit("%w: its pages are of %d bytes", ErrCorrupt, pageSize)
	case app != applicationID:
		return unfit("%w: it is not one that Silo has made (application_id %#x)", ErrWrongSchema, app)
	case size%pageSize != 0 || pages*pageSize != size:
		return unfit("%w: it has %d bytes, and says that it has %d pages of %d; it was cut off or copied while it was written to", ErrCorrupt, size, pages, pageSize)
	case encoding != utf8Encoding:
		return unfit("its texts are in UTF-16 (encoding %d), those of the migrations in UTF-8", encoding)
	case !isVersion(header[18]) || !isVersion(header[19]):
		return unfit("%w: its format is of version %d, %d", ErrCorrupt, header[18], header[19])
	}
	return nil
}

// utf8Encoding is what the header says of texts in UTF-8. Others sort and compare otherwise, and
// have another size than the schema's author has thought of.
const utf8Encoding = 1

func isVersion(b byte) bool { return b == 1 || b == 2 }

// explainUnfit makes an error that SQLite or the runtime met in a copy one of the source.
// Errors of the disk, of memory and of the context are not.
func explainUnfit(what string, err error) error {
	if err == nil || errors.Is(err, ErrUnfit) {
		return err
	}
	for _, of := range []error{ErrCorrupt, ErrNotADatabase, ErrWrongSchema, ErrWrongTenant, ErrTenantGone, ErrSchemaAhead, ErrSchemaDiverged} {
		if errors.Is(err, of) {
			return fmt.Errorf("%w: %s: %w", ErrUnfit, what, err)
		}
	}
	var ofSQLite *sqlite.Error
	if errors.As(err, &ofSQLite) && ofSQLite.OfContent() {
		return fmt.Errorf("%w: %w: %s: %w", ErrUnfit, ErrCorrupt, what, err)
	}
	return err
}
