package tenantdb

import (
	"context"
	"fmt"

	"github.com/silokit/silo/tenantdb/query"
)

// JoinCatalog returns a transaction of the application on the global database as one of
// the catalog, so that what both write is one commit. It is for package catalog, and ends
// with the callback that tx was given to. db says which catalog: another folder's, or
// another file's, is [ErrWrongSchema].
func JoinCatalog[C CatalogSchema, S GlobalSchema](db *GlobalDB[C], tx *Tx[S]) (*Tx[C], error) {
	if db == nil || db.a == nil || tx == nil || tx.t == nil || tx.t.a == nil {
		return nil, noHandle("join the catalog")
	}
	if mine, its := db.a, tx.t.a; mine.dir != its.dir || mine.incarnation != its.incarnation {
		return nil, &Error{Op: "join the catalog", Path: its.dir.path(*its), Err: fmt.Errorf("%w: the transaction is on another file than the catalog", ErrWrongSchema),
			Hint: "open both from one Dir"}
	}
	return &Tx[C]{t: &transaction{of: tx.t}}, nil
}

// joined is an application's transaction to the catalog, whose statements may write what
// the application's may not.
type joined transaction

// Acquire lends the transaction's connection to one statement of the catalog.
func (j *joined) Acquire(ctx context.Context, st *query.Statement) (query.Session, error) {
	s, err := (*transaction)(j).Acquire(ctx, st)
	if err != nil {
		return nil, err
	}
	j.c.conn.ServeCatalog()
	return joinedStep{s}, nil
}

// joinedStep is the transaction while one of the catalog's statements runs.
type joinedStep struct{ query.Session }

// End ends the statement, and the permission with it.
func (s joinedStep) End(err error) error {
	s.Conn().ServeApplication()
	return s.Session.End(err)
}
