package lifecycle

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/silokit/silo/tenantdb"
)

// The members of an export's archive, in their order.
const (
	manifestMember = "manifest.json"
	databaseMember = "tenant.db"
)

// writeArchive writes an export to w.
func writeArchive(ctx context.Context, w io.Writer, e Exported, database string) (err error) {
	manifest, err := json.MarshalIndent(e, "", "  ")
	if err != nil {
		return err
	}
	manifest = append(manifest, '\n')
	in, err := os.Open(database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	archive := tar.NewWriter(w)
	for _, member := range []struct {
		name    string
		size    int64
		content io.Reader
	}{
		{manifestMember, int64(len(manifest)), bytes.NewReader(manifest)},
		{databaseMember, e.Database.Size, withContext(ctx, in)},
	} {
		header := &tar.Header{Typeflag: tar.TypeReg, Name: member.name, Size: member.size, Mode: 0o600, ModTime: e.ExportedAt.Truncate(1e9), Format: tar.FormatPAX}
		if err := archive.WriteHeader(header); err != nil {
			return err
		}
		if _, err := io.Copy(archive, member.content); err != nil {
			return err
		}
	}
	return archive.Close()
}

func unfit(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{tenantdb.ErrUnfit}, args...)...)
}

// readArchive reads an export that nobody vouches for: what is not as writeArchive makes it
// is tenantdb.ErrUnfit. The database is compared with its manifest, and written to the new file
// at database, unless that is "". No name of the archive becomes one of a file.
func readArchive(ctx context.Context, path, database string) (e Exported, err error) {
	in, err := openImport(path)
	if err != nil {
		return e, err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	archive := tar.NewReader(withContext(ctx, in))
	size, err := nextMember(archive, manifestMember)
	if err != nil {
		return e, ended(ctx, err)
	}
	if size > maxManifest {
		return e, unfit("its manifest has %d bytes", size)
	}
	content, err := io.ReadAll(archive)
	if err != nil {
		return e, ended(ctx, unfit("reading its manifest: %w", err))
	}
	if err := json.Unmarshal(content, &e); err != nil {
		return e, unfit("its manifest: %w", err)
	}
	if e.Format != 1 {
		return e, unfit("its manifest is of format %d, this program knows 1", e.Format)
	}
	if size, err = nextMember(archive, databaseMember); err != nil {
		return e, ended(ctx, err)
	}
	// Of a sparse member most is not in the archive: it would be unpacked to what no disk holds.
	whole, err := in.Stat()
	if err != nil {
		return e, err
	}
	if size > whole.Size() {
		return e, unfit("its database has %d bytes, more than the %d of the whole file", size, whole.Size())
	}
	if size != e.Database.Size {
		return e, unfit("its database has %d bytes, the manifest says %d", size, e.Database.Size)
	}
	if err := unpack(ctx, archive, e, database); err != nil {
		return e, err
	}
	if _, err := archive.Next(); !errors.Is(err, io.EOF) {
		return e, ended(ctx, unfit("something follows its database"))
	}
	return e, nil
}

// nextMember goes to the next member, which must be a file of that name.
func nextMember(archive *tar.Reader, name string) (size int64, err error) {
	header, err := archive.Next()
	switch {
	case errors.Is(err, io.EOF):
		return 0, unfit("it has no %s", name)
	case err != nil:
		return 0, unfit("it is no archive that Export has made: %w", err)
	case header.Name != name || header.Typeflag != tar.TypeReg:
		return 0, unfit("it has %q where %s should be", header.Name, name)
	}
	return header.Size, nil
}

func unpack(ctx context.Context, in io.Reader, e Exported, database string) (err error) {
	out := io.Discard
	if database != "" {
		f, err := os.OpenFile(database, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		out = f
	}
	n, got, err := copySum(ctx, out, in)
	if err != nil {
		var ofFile *os.PathError
		if errors.As(err, &ofFile) {
			return err
		}
		return ended(ctx, unfit("reading its database: %w", err))
	}
	if n != e.Database.Size || got != e.Database.SHA256 {
		return unfit("%w: its database has %d bytes with SHA-256 %s, the manifest says %d with %s", tenantdb.ErrCorrupt, n, got, e.Database.Size, e.Database.SHA256)
	}
	return nil
}

// ended returns the context's error if that has ended, for it is why the reading did.
func ended(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}
