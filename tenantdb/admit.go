package tenantdb

import (
	"context"
	"errors"
	"io/fs"
	"os"
)

// Admit reports whether the tenant that ctx carries can be resolved, as far as that is
// known without opening it: nil if the Dir's [Gate] lets it in and it has a file. Else it is
// the gate's error, [ErrUnknownTenant], [ErrNoTenant], [ErrClosed], or why the folder cannot
// be looked at. It makes and opens nothing and
// waits for nobody, so that refusing costs little, also those who ask for names at random:
// whether there is a file, or none, is remembered for ten seconds, for some thousands of
// each, unless tenants are made or removed by this process. A tenant that the gate knows is looked for
// at once, and so is one that it has forgotten, as when another process has erased it. What Admit
// lets in may turn out to be damaged or of another schema; only Resolve gives a handle.
func (st *Store[S]) Admit(ctx context.Context) error {
	if st == nil || st.s == nil {
		return noHandle("admit")
	}
	return st.s.dir.look(ctx)
}

func (d *Dir) look(ctx context.Context) error {
	id, ok := TenantFrom(ctx)
	switch {
	case !ok:
		return &Error{Op: "admit", Err: ErrNoTenant, Hint: "bind it at the edge with WithTenant"}
	case d.closing.Load():
		return &Error{Op: "admit", Tenant: id, Err: ErrClosed, Hint: hintFor(ErrClosed)}
	}
	admission, err := d.admit(ctx, id)
	if err != nil {
		return err
	}
	there, err := d.present.look(d.now(), id, admission.Known, d.hasFile)
	switch {
	case err != nil:
		return explain("admit", id, d.layout.tenantPath(id), err)
	case !there:
		return explain("admit", id, d.layout.tenantPath(id), ErrUnknownTenant)
	}
	return nil
}

// hasFile looks whether the tenant's name is taken.
func (d *Dir) hasFile(id ID) (bool, error) {
	_, err := os.Lstat(d.layout.tenantPath(id))
	if errors.Is(err, fs.ErrNotExist) {
		if err := d.layout.unknown(); !errors.Is(err, ErrUnknownTenant) {
			return false, err
		}
		return false, nil
	}
	return err == nil, err
}
