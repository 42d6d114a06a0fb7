//go:build memory.counters || libc.memgrind

package tenantdb_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/internal/sqlite"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

var mixedTenants = []string{"a", "b", "c", "d", "e", "f", "g", "h"}

// mixer draws operations and runs them.
type mixer struct {
	*testing.T
	*rand.Rand
	dir   *tenantdb.Dir
	store *tenantdb.Store[mixed]
	told  *told

	name string // of the tenant at hand
	ctx  context.Context
	db   *tenantdb.TenantDB[mixed]
}

var errMixer = errors.New("of the callback")

// step runs one operation: of files now and then, else of rows.
func (m *mixer) step() {
	if m.db == nil || m.IntN(40) == 0 {
		m.turnTo(mixedTenants[m.IntN(len(mixedTenants))]) // which mostly closes another
	}
	if m.db == nil {
		return
	}
	switch n := m.IntN(1000); {
	case n < 2:
		m.oddTenant()
	case n < 6:
		m.whileAnotherProcessWrites()
	case n < 12:
		tenantdb.KeeperRests(m.dir)
	case n < 150:
		m.inWrite()
	case n < 220:
		m.inRead()
	default:
		m.query(m.ctx, m.db, true)
	}
}

// turnTo resolves a tenant.
func (m *mixer) turnTo(name string) {
	ctx := tenanttest.Context(m.T, name)
	if m.IntN(8) == 0 {
		ended, cancel := context.WithCancel(ctx)
		cancel()
		_, err := m.store.Resolve(ended)
		m.tell("resolve, cancelled", err, context.Canceled)
	}
	db, err := m.store.Resolve(ctx)
	m.tell("resolve", err, tenantdb.ErrTooManyOpen)
	m.name, m.ctx, m.db = name, ctx, db
}

// inWrite runs queries in a transaction that ends in any way.
func (m *mixer) inWrite() {
	ctx, outcome := m.ending(m.ctx), m.IntN(8)
	var kept *tenantdb.Tx[mixed]
	err := m.apart(func() error {
		return m.db.Write(ctx, func(ctx context.Context, tx *tenantdb.Tx[mixed]) error {
			kept = tx
			for range 1 + m.IntN(4) {
				m.query(ctx, tx, true)
			}
			return m.leave(outcome)
		})
	})
	m.tell(fmt.Sprint("Write ", min(outcome, 3)), err, errMixer, errGone, context.Canceled, tenantdb.ErrConstraint, tenantdb.ErrTxAborted, tenantdb.ErrWriterBusy)
	if kept != nil {
		m.query(m.ctx, kept, false) // ErrTxDone
	}
}

// inRead is inWrite of a snapshot.
func (m *mixer) inRead() {
	ctx, outcome := m.ending(m.ctx), m.IntN(8)
	err := m.apart(func() error {
		return m.db.Read(ctx, func(ctx context.Context, tx *tenantdb.ReadTx[mixed]) error {
			for range 1 + m.IntN(4) {
				m.query(ctx, tx, false)
			}
			return m.leave(outcome)
		})
	})
	m.tell(fmt.Sprint("Read ", min(outcome, 3)), err, errMixer, errGone, context.Canceled, tenantdb.ErrTxAborted, tenantdb.ErrReadersBusy)
}

// leave ends a callback.
func (m *mixer) leave(outcome int) error {
	switch outcome {
	case 0:
		return errMixer
	case 1:
		panic(errMixer)
	case 2:
		runtime.Goexit()
	}
	return nil
}

// errGone is what apart returns of a call that did not return.
var errGone = errors.New("it did not return")

// apart runs f in a goroutine, which may end in any way, and waits for that.
func (m *mixer) apart(f func() error) (err error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			if p := recover(); p != nil {
				if p != any(errMixer) {
					panic(p)
				}
				err = errMixer
			}
		}()
		err = errGone
		err = f()
	}()
	<-done
	return err
}

// ending is ctx, which mostly does not end, or one that has ended, or that ends when it
// has been asked about a number of times.
func (m *mixer) ending(ctx context.Context) context.Context {
	switch m.IntN(8) {
	case 0:
		ended, cancel := context.WithCancel(ctx)
		cancel()
		return ended
	case 1:
		return &askedContext{Context: ctx, left: int32(m.IntN(8))}
	}
	return ctx
}

// askedContext ends when it has been asked about so many times.
type askedContext struct {
	context.Context
	asked atomic.Int32
	left  int32
}

func (c *askedContext) Err() error {
	if c.asked.Add(1) <= c.left {
		return c.Context.Err()
	}
	return context.Canceled
}

// waitedContext ends when somebody waits for its end.
type waitedContext struct {
	context.Context
	waited atomic.Bool
}

var hasEnded = func() chan struct{} { c := make(chan struct{}); close(c); return c }()

func (c *waitedContext) Done() <-chan struct{} { c.waited.Store(true); return hasEnded }

func (c *waitedContext) Err() error {
	if c.waited.Load() {
		return context.Canceled
	}
	return nil
}

// whileAnotherProcessWrites has calls meet the lock of a connection that is not the Dir's.
func (m *mixer) whileAnotherProcessWrites() {
	path := filepath.Join(m.dir.Path(), "tenants", m.name+".db")
	// A connection that is closed locks the file for a moment.
	other, err := sqlite.Open(m.Context(), path, patience, sqlite.Config{})
	if err != nil {
		m.Errorf("another connection: %v", err)
		return
	}
	defer other.Close()
	if err := other.BeginWrite(); err != nil {
		return // one of the other goroutines writes
	}
	err = add(&waitedContext{Context: m.ctx}, m.db, "never")
	m.tell("write, locked", err, tenantdb.ErrWriterBusy, context.Canceled)
}

// odd counts the tenants of oddTenant, of which no two may meet.
var odd atomic.Int64

// oddTenant makes a tenant, mostly harms its file, uses and deletes it.
func (m *mixer) oddTenant() {
	name := fmt.Sprint("odd", odd.Add(1))
	if err := m.store.Create(m.Context(), tenanttest.ID(m.T, name)); err != nil {
		m.Errorf("create: %v", err)
		return
	}
	was := *m
	defer func() { m.name, m.ctx, m.db = was.name, was.ctx, was.db }()
	path := filepath.Join(m.dir.Path(), "tenants", name+".db")
	harm := m.IntN(3)
	if harm == 1 { // before it is opened
		m.overwrite(path, 0)
	}
	m.turnToHarmed(name)
	if m.db != nil {
		if harm == 2 { // and while it is open, before a reader is
			m.overwrite(path, 4096)
		} else {
			m.query(m.ctx, m.db, true)
		}
		_, err := list(m.ctx, m.db)
		m.tell("read, harmed", err, tenantdb.ErrCorrupt, tenantdb.ErrNotADatabase)
	}
	err := m.store.Delete(m.Context(), tenanttest.ID(m.T, name))
	m.tell("delete", err, tenantdb.ErrCorrupt, tenantdb.ErrNotADatabase, tenantdb.ErrWrongSchema)
	for _, suffix := range []string{"", "-wal", "-shm"} {
		_ = os.Remove(path + suffix)
	}
}

// turnToHarmed is turnTo of a tenant that may be harmed.
func (m *mixer) turnToHarmed(name string) {
	ctx := tenanttest.Context(m.T, name)
	db, err := m.store.Resolve(ctx)
	m.tell("resolve, harmed", err, tenantdb.ErrCorrupt, tenantdb.ErrNotADatabase)
	m.name, m.ctx, m.db = name, ctx, db
}

func (m *mixer) overwrite(path string, at int64) {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		m.Errorf("overwrite: %v", err)
		return
	}
	garbage := make([]byte, 64<<10) // more than the file has
	for i := range garbage {
		garbage[i] = 0xee
	}
	_, err = f.WriteAt(garbage, at)
	if err := errors.Join(err, f.Close()); err != nil {
		m.Errorf("overwrite: %v", err)
	}
}
