package tenantdb

import (
	"context"
	"errors"
	"io/fs"

	"github.com/silokit/silo/tenantdb/internal/lease"
)

// OpenGlobal opens the global database of dir with the schema S, creating it if it
// does not exist and migrating it if need be; generated code calls it. It may be
// called again for further handles. Errors are those of [OpenStore] and
// [Store.Resolve].
func OpenGlobal[S GlobalSchema](ctx context.Context, dir *Dir) (*GlobalDB[S], error) {
	var schema S
	def, err := define(schema, "global")
	if err != nil {
		return nil, err
	}
	if !dir.opened() {
		return nil, &Error{Op: "open global", Err: ErrNoHandle, Hint: "the Dir is nil or zero; get one from tenantdb.Open"}
	}
	if bindingOf(ctx).inTransaction(&address{dir: dir}) {
		return nil, &Error{Op: "open global", Err: ErrNested, Hint: "open it before, outside of its transactions"}
	}
	a := address{dir: dir, def: def, ref: new(lease.Ref[ID, *database])}
	if err := dir.create(ctx, a); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, explain("create", ID{}, dir.path(a), translate(ctx, err))
	}
	held, err := dir.acquire(ctx, a)
	if err != nil {
		return nil, err
	}
	a.incarnation = held.Value().incarnation
	held.Release()
	return &GlobalDB[S]{a: &a}, nil
}
