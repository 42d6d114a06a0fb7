package lifecycle

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// put stores a backup, under the next number that is free. No other data folder puts anything there ([place.claim]),
// and of this one nobody but who has the tenant's lock: what has the number all the same was put there by hand.
func (p *place) put(ctx context.Context, b *Backup, path string, surely BackupDurability) error {
	id, target := b.Database.Tenant, p.options.Backups
	for {
		p.step("put the database")
		err := target.Put(ctx, databaseName(id, b.Sequence), File{Path: path, Size: b.Database.Size, SHA256: b.Database.SHA256})
		if errors.Is(err, fs.ErrExist) {
			b.Sequence++
			continue
		}
		if err == nil && surely == BackupReadBack {
			p.step("read the database back")
			err = p.readBack(ctx, *b)
		}
		stored := []string{databaseName(id, b.Sequence)} // or perhaps; the last one first
		if err == nil {
			stored = append([]string{manifestName(id, b.Sequence)}, stored...)
			p.step("put the manifest")
			err = p.putManifest(ctx, *b, path+".json")
		}
		if err == nil && surely == BackupReadBack {
			p.step("read the manifest back")
			err = p.readManifestBack(ctx, *b)
		}
		if err != nil {
			cleaning, cancel := afterwards(ctx)
			defer cancel()
			if errors.Is(err, fs.ErrExist) { // a manifest that is not this backup's
				stored = stored[1:]
			}
			return errors.Join(err, p.takeBack(cleaning, stored))
		}
		return nil
	}
}

// takeBack removes what there may be of a backup that could not be put, also an object whose Put
// has failed when it was there: its manifest, if that is this backup's, and then its database. If
// the manifest stays, so does the database.
func (p *place) takeBack(ctx context.Context, names []string) error {
	for _, name := range names {
		if err := p.options.Backups.Remove(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// readBack reads the database of a backup from the Target, and compares it with what was put there.
func (p *place) readBack(ctx context.Context, b Backup) (err error) {
	in, err := p.options.Backups.Get(ctx, databaseName(b.Database.Tenant, b.Sequence))
	if err != nil {
		return fmt.Errorf("reading it back: %w", err)
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	if err := copyWhole(ctx, io.Discard, in, "what the target gives", b.Database.Size, b.Database.SHA256); err != nil {
		return fmt.Errorf("reading it back: %w", err)
	}
	return nil
}

// readManifestBack is readBack of the manifest, without which the database is no backup.
func (p *place) readManifestBack(ctx context.Context, b Backup) error {
	have, err := p.manifest(ctx, b.Database.Tenant, b.Sequence)
	if err != nil {
		return fmt.Errorf("reading it back: %w", err)
	}
	have.Database.Taken = b.Database.Taken // its text has no monotonic clock
	if have != b {
		return fmt.Errorf("reading it back: %w: the manifest of number %d is another than was put", ErrBadBackup, b.Sequence)
	}
	return nil
}

func (p *place) putManifest(ctx context.Context, b Backup, path string) error {
	encoded, err := json.MarshalIndent(b, "", "  ")
	if err != nil {
		return err
	}
	file, err := writeFile(path, append(encoded, '\n'))
	if err != nil {
		return err
	}
	return p.options.Backups.Put(ctx, manifestName(b.Database.Tenant, b.Sequence), file)
}

// writeFile writes a new file, sees to it that it is on the disk, and says what it is.
func writeFile(path string, content []byte) (File, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return File{}, err
	}
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	return File{Path: path, Size: int64(len(content)), SHA256: sumOf(content)}, errors.Join(err, f.Close())
}
