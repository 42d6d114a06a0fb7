package lifecycle

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/silokit/silo/tenantdb"
)

// claimName is the Target's object that says of which data folder the backups are. It is no name of one.
const claimName = "owner.json"

// claim is what the object holds.
type claim struct {
	Format int    `json:"format"` // 1
	Folder string `json:"folder"` // tenantdb.Dir.FolderID
}

// mine fails if the Target has the backups of another data folder. Each of the two would take what the other has put
// under a tenant's name for its own tenant's: skip, restore, prune and erase it, and remove what is half put.
func (p *place) mine(ctx context.Context) error {
	_, err := p.claimed(ctx)
	return err
}

// claimed reports whether the Target says that it has the backups of this data folder. That it says
// nothing is no error.
func (p *place) claimed(ctx context.Context) (is bool, err error) {
	r, err := p.options.Backups.Get(ctx, claimName)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("%s of the backups: %w", claimName, err)
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	content, err := io.ReadAll(io.LimitReader(r, maxManifest))
	if err != nil {
		return false, fmt.Errorf("%s of the backups: %w", claimName, err)
	}
	var have claim
	if err := json.Unmarshal(content, &have); err != nil || have.Format != 1 {
		return false, fmt.Errorf("%w, or what %s there says cannot be read", ErrForeignBackups, claimName)
	}
	if have.Folder != p.folder {
		return false, fmt.Errorf("%w, %s, and this is %s", ErrForeignBackups, have.Folder, p.folder)
	}
	return true, nil
}

// claim has the Target say that it has the backups of this data folder, before something is put there. The lock
// of the ID is held.
func (p *place) claim(ctx context.Context, id tenantdb.ID) error {
	if is, err := p.claimed(ctx); is || err != nil {
		return err
	}
	content, err := json.Marshal(claim{Format: 1, Folder: p.folder})
	if err != nil {
		return err
	}
	err = p.working(id, func(at string) error {
		file, err := writeFile(at+claimName, append(content, '\n'))
		if err != nil {
			return err
		}
		p.step("claim the target")
		return p.options.Backups.Put(ctx, claimName, file)
	})
	if errors.Is(err, fs.ErrExist) { // another process was faster, perhaps one of another folder
		return p.mine(ctx)
	}
	return err
}
