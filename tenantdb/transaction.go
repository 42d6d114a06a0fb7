package tenantdb

import (
	"context"
	"errors"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
	"github.com/silokit/silo/tenantdb/query"
)

// transaction is what a Tx or ReadTx has: a connection for as long as its callback
// runs.
type transaction struct {
	c   *connection
	ctx context.Context // of the call of Write or Read
	a   *address

	// turn holds a token while a statement runs and while the transaction ends, so that
	// a Tx that got to another goroutine finds it alive or ended, never its connection
	// in other hands. The callback is not called under it. It guards what follows.
	turn    chan struct{}
	ended   bool
	aborted error // what made SQLite roll the transaction back by itself

	protected bool // a savepoint is set for the statement that runs

	// of is the application's transaction that this one of the catalog is part of; then
	// nothing above is set. See JoinCatalog.
	of *transaction
}

func (t *transaction) binding() query.Binding {
	if t == nil {
		return query.Binding{}
	}
	if t.of != nil {
		return query.Bind((*joined)(t.of))
	}
	return query.Bind(t)
}

// write runs f within a transaction on the writer.
func (a *address) write(ctx context.Context, f func(context.Context, *transaction) error) error {
	return a.run(ctx, "write", query.Writes, f)
}

// read runs f within a snapshot on a reader.
func (a *address) read(ctx context.Context, f func(context.Context, *transaction) error) error {
	return a.run(ctx, "read", query.Reads, f)
}

func (a *address) run(ctx context.Context, op string, access query.Access, f func(context.Context, *transaction) error) error {
	if a == nil {
		return noHandle(op)
	}
	c, err := a.lend(ctx, nil, access)
	if err != nil {
		return err
	}
	t := &transaction{c: c, ctx: ctx, a: a, turn: make(chan struct{}, 1)}
	returned := false
	defer func() {
		if !returned { // f panicked or called runtime.Goexit: nobody to tell
			_ = t.end(ErrTxAborted)
		}
	}()
	if access == query.Reads {
		c.call.Store(t)
		err = c.db.fail(c.db.noteBroken(c.enterSnapshot()))
	}
	if err == nil {
		if err = f(withTransaction(ctx, a), t); err != nil {
			err = callbackError{err}
		}
	}
	returned = true
	return t.end(err)
}

// end commits, if err is nil, or rolls back, and gives the connection back.
func (t *transaction) end(err error) error {
	t.turn <- struct{}{}
	defer func() { <-t.turn }()
	t.ended = true
	if !t.c.writes {
		t.c.call.Store(nil)
	}
	switch {
	case err != nil:
		if undoErr := t.c.abandon(err); undoErr != nil {
			return errors.Join(err, undoErr)
		}
		return err
	case t.aborted != nil && !errors.Is(t.aborted, ErrSnapshotTooOld): // what was read before is sound
		return t.c.End(&Error{Op: "commit", Tenant: t.a.tenant, Path: t.c.db.path, Err: &abortedError{t.aborted}})
	case t.ctx.Err() != nil:
		return t.c.End(&Error{Op: "commit", Tenant: t.a.tenant, Path: t.c.db.path, Err: sqlite.Ended(t.ctx), Hint: "nothing was written"})
	}
	return t.c.End(nil)
}

// abortedError is ErrTxAborted with its cause.
type abortedError struct{ cause error }

func (e *abortedError) Error() string        { return ErrTxAborted.Error() + ": " + e.cause.Error() }
func (e *abortedError) Is(target error) bool { return target == ErrTxAborted }
func (e *abortedError) Unwrap() error        { return e.cause }

// Acquire lends the transaction's connection to one statement.
func (t *transaction) Acquire(ctx context.Context, st *query.Statement) (query.Session, error) {
	if err := t.a.check(bindingOf(ctx)); err != nil {
		return nil, err
	}
	select {
	case t.turn <- struct{}{}:
	default:
		select {
		case t.turn <- struct{}{}:
		case <-ctx.Done():
			return nil, &Error{Tenant: t.a.tenant, Err: sqlite.Ended(ctx), Hint: "another statement of the transaction was still running"}
		}
	}
	if err := t.refuse(ctx, st); err != nil {
		<-t.turn
		return nil, err
	}
	t.c.conn.Watch(ctx, t.a.dir.options.Wait)
	if t.c.writes {
		t.c.db.holder.running.Store(st)
		if err := t.protect(st); err != nil {
			return nil, (*step)(t).End(err)
		}
	}
	return (*step)(t), nil
}

// statementSavepoint is set before a statement that may fail and keep rows.
const statementSavepoint = "silo_statement"

// protect sets a savepoint if the statement, when it fails, may keep the rows before the
// one that failed: with FAIL in its text, or in a table's constraint or a trigger. A call
// that fails writes nothing, here as outside of Write.
func (t *transaction) protect(st *query.Statement) error {
	if st.Access() != query.Writes {
		return nil
	}
	keeps := st.MayKeepRows()
	if !keeps {
		var err error
		if keeps, err = t.c.db.schemaSpeaksOfFail(); err != nil {
			return err
		}
	}
	if !keeps {
		return nil
	}
	t.protected = true
	return t.c.conn.Exec("SAVEPOINT " + statementSavepoint)
}

// unprotect ends that savepoint, after a statement that ended with err.
func (t *transaction) unprotect(err error) error {
	if !t.protected {
		return nil
	}
	t.protected = false
	t.c.conn.Unwatch() // the context may have ended, and be why
	if !t.c.conn.InTransaction() {
		return nil // SQLite has rolled all of it back by itself
	}
	if err != nil {
		if err := t.c.conn.Exec("ROLLBACK TO " + statementSavepoint); err != nil {
			return errors.Join(err, t.c.undo()) // half a call must not be committed
		}
	}
	return t.c.conn.Exec("RELEASE " + statementSavepoint)
}

// refuse says why st may not run, or nil. The caller has the turn.
func (t *transaction) refuse(ctx context.Context, st *query.Statement) error {
	switch {
	case t.ended:
		return &Error{Tenant: t.a.tenant, Err: ErrTxDone, Hint: "a Tx ends with its callback; use the TenantDB or GlobalDB"}
	case t.aborted != nil:
		return &Error{Tenant: t.a.tenant, Err: &abortedError{t.aborted}}
	case !t.c.writes && st.Access() != query.Reads:
		return &Error{Tenant: t.a.tenant, Err: ErrNeedsWrite}
	case ctx.Err() != nil:
		return &Error{Tenant: t.a.tenant, Err: sqlite.Ended(ctx)}
	}
	return nil
}

// expelBetween ends the snapshot of a call of Read that runs no statement at the moment.
// One that runs is stopped, and ends it itself.
func (t *transaction) expelBetween(use uint32) {
	select {
	case t.turn <- struct{}{}:
	default:
		return
	}
	defer func() { <-t.turn }()
	if now, _ := t.c.conn.InUse(); !t.ended && now == use {
		t.aborted = errors.Join(ErrSnapshotTooOld, t.c.endRead())
	}
}

// step is a transaction while one of its statements runs, with its turn.
type step transaction

// Conn returns the transaction's connection.
func (s *step) Conn() *sqlite.Conn { return s.c.conn }

// End ends the statement. After some errors SQLite has rolled the transaction
// back by itself; what ran on the connection now would be committed at once.
func (s *step) End(err error) error {
	defer func() { <-s.turn }()
	if undoErr := (*transaction)(s).unprotect(err); undoErr != nil {
		err = errors.Join(err, undoErr)
	}
	if why := s.c.conn.Expelled(); why != nil {
		s.aborted = errors.Join(why, s.c.endRead())
	} else if !s.c.conn.InTransaction() {
		if s.aborted = err; err == nil {
			s.aborted = errors.New("a statement has ended it")
		}
	}
	// The rest of the transaction is watched by the context it was begun with.
	s.c.conn.Watch(s.ctx, s.c.db.dir.options.Wait)
	return s.c.db.fail(s.c.db.noteBroken(err))
}
