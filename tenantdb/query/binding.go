package query

import (
	"context"
	"errors"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// ErrNoHandle is returned by queries that were made from a nil or zero handle.
var ErrNoHandle = errors.New("the handle is nil or zero; get one from Store.Resolve, the Open of a global schema, Write or Read")

// A Source lends connections to single calls. It is implemented by tenantdb only.
type Source interface {
	// Acquire returns a session in which st may run now. Every Acquire that
	// succeeds is followed by one End of its session.
	Acquire(ctx context.Context, st *Statement) (Session, error)
}

// A Session is a connection lent to one call.
type Session interface {
	Conn() *sqlite.Conn

	// End gives the connection back. err is how the statement ended; what End
	// returns is how the call ended: for a write outside a transaction that
	// includes the commit.
	End(err error) error
}

// Binding is what a generated Queries or Reader holds: where its statements run.
// The zero Binding fails every query with ErrNoHandle.
type Binding struct{ source Source }

// Bind returns the Binding to source; nil gives the zero Binding.
func Bind(source Source) Binding { return Binding{source} }
