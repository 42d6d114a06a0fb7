package lifecycle_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

// use is an operation on a tenant that others use.
type use struct {
	ends  bool // handles from before it are of no use after it
	fresh bool // what is there after it has nothing of what was written while it was begun

	run func(ctx context.Context, u *using) error
}

// using is a tenant that is used.
type using struct {
	world
	id    tenantdb.ID
	round int
	// elsewhere says that another process writes to the tenant too.
	elsewhere bool
	folder    string
	ws        *writers
	before    [8]int64 // what was acknowledged before the operation

	// copies are tenants that the operation has made: of what was acknowledged before it, and
	// of nothing that was begun after it.
	copies []madeCopy
}

type madeCopy struct {
	id            tenantdb.ID
	before, after [8]int64
}

// name returns an ID of this round's.
func (u *using) name(what string) tenantdb.ID { return mustID(fmt.Sprint(what, "-", u.round)) }

// copied notes a copy of the tenant that has been taken, and begun no sooner than the
// operation.
func (u *using) copied(id tenantdb.ID, after [8]int64) {
	u.copies = append(u.copies, madeCopy{id, u.before, after})
}

func (u *using) backUp(ctx context.Context) (lifecycle.Backup, error) {
	done, err := u.m.Backup(ctx, u.id, lifecycle.BackupOptions{Unchanged: lifecycle.CopyUnchanged})
	return done.Backup, err
}

// eraseAndCreate ends with a new tenant, which has a backup as the next operation wants it.
func (u *using) eraseAndCreate(ctx context.Context) error {
	_, err := u.m.Erase(ctx, u.id)
	if err == nil {
		_, err = u.m.Create(ctx, creation{ID: u.id, Seed: seed("first")})
	}
	if err == nil {
		_, err = u.backUp(ctx)
	}
	return err
}

// uses are all operations.
var uses = map[string]use{
	"create": {run: func(ctx context.Context, u *using) error {
		_, err := u.m.Create(ctx, creation{ID: u.name("other"), Key: u.name("key").String(), Seed: seed("other"), SignUp: signUp(u.world, u.name("ada").String(), nil)})
		if _, again := u.m.Create(ctx, creation{ID: u.id}); !errors.Is(again, tenantdb.ErrTenantExists) {
			err = errors.Join(err, fmt.Errorf("it was created once more: %w", again))
		}
		return err
	}},
	"suspend": {run: func(ctx context.Context, u *using) error {
		for _, allow := range []catalog.Suspension{catalog.ReadOnly, catalog.Closed} {
			if _, err := u.m.Suspend(ctx, u.id, lifecycle.SuspendOptions{Suspension: allow}); err != nil {
				return err
			}
		}
		_, err := u.m.Resume(ctx, u.id)
		return err
	}},
	"quarantine": {run: func(ctx context.Context, u *using) error {
		_, err := u.m.Quarantine(ctx, u.id, "odd")
		_, resumed := u.m.Resume(ctx, u.id)
		return errors.Join(err, resumed)
	}},
	"clone": {run: func(ctx context.Context, u *using) error {
		_, err := u.m.Clone(ctx, u.id, creation{ID: u.name("clone")})
		u.copied(u.name("clone"), u.ws.counts())
		return err
	}},
	"export and import": {run: func(ctx context.Context, u *using) error {
		path := filepath.Join(u.folder, fmt.Sprint("acme-", u.round, ".tar"))
		_, err := u.m.Export(ctx, u.id, path)
		u.copied(u.name("imported"), u.ws.counts())
		if err == nil {
			_, err = u.m.Import(ctx, path, creation{ID: u.name("imported")})
		}
		return err
	}},
	"backup and restore as": {run: func(ctx context.Context, u *using) error {
		b, err := u.backUp(ctx)
		u.copied(u.name("restored"), u.ws.counts())
		if err == nil {
			_, err = u.m.RestoreAs(ctx, u.id, b.Sequence, creation{ID: u.name("restored")})
		}
		return err
	}},
	"backup all": {run: func(ctx context.Context, u *using) error {
		for b, err := range u.m.BackupAll(ctx, catalog.Filter{}, lifecycle.BackupOptions{}) {
			if err := errors.Join(err, b.Err); err != nil {
				return err
			}
		}
		u.copied(u.name("restored"), u.ws.counts())
		_, err := u.m.RestoreAs(ctx, u.id, lifecycle.Last, creation{ID: u.name("restored")})
		return err
	}},
	"verify and prune": {run: func(ctx context.Context, u *using) error {
		b, err := u.backUp(ctx)
		if err == nil {
			_, err = u.m.Verify(ctx, u.id, b.Sequence)
		}
		for p, failed := range u.m.Prune(ctx, u.id, lifecycle.PruneOptions{Rules: keeping(2)}) {
			err = errors.Join(err, failed, p.Err)
		}
		return err
	}},
	"doctor": {run: func(ctx context.Context, u *using) error {
		list, err := u.findings(ctx, lifecycle.DoctorOptions{Fix: lifecycle.FixSafe, Depth: lifecycle.DepthContent})
		// Two processes that write without a pause leave checkpoints no moment in which the log can be begun anew.
		list = slices.DeleteFunc(list, func(f lifecycle.Finding) bool { return u.elsewhere && f.Kind == lifecycle.FoundLongLog })
		if len(list) > 0 {
			err = errors.Join(err, fmt.Errorf("found %+v", list))
		}
		return err
	}},
	"delete and undelete": {ends: true, run: func(ctx context.Context, u *using) error {
		if _, err := u.m.Delete(ctx, u.id, ""); err != nil {
			return err
		}
		_, err := u.m.Undelete(ctx, u.id)
		return err
	}},
	"delete and purge": {ends: true, fresh: true, run: func(ctx context.Context, u *using) error {
		if _, err := u.m.Delete(ctx, u.id, ""); err != nil {
			return err
		}
		_, err := u.m.Create(ctx, creation{ID: u.id})
		if !errors.Is(err, catalog.ErrDeleted) {
			return fmt.Errorf("it was created while it is deleted: %w", err)
		}
		if err = u.m.PurgeTenant(ctx, u.id); err != nil {
			return err
		}
		if _, err = u.m.Create(ctx, creation{ID: u.id}); !errors.Is(err, lifecycle.ErrHasBackups) {
			return fmt.Errorf("it was created beside the backups of another: %w", err)
		}
		return u.eraseAndCreate(ctx)
	}},
	"erase": {ends: true, fresh: true, run: func(ctx context.Context, u *using) error {
		return u.eraseAndCreate(ctx)
	}},
	"restore": {ends: true, fresh: true, run: func(ctx context.Context, u *using) error {
		// The backup that a restore has made of the old file has all that was acknowledged to it,
		// up to the moment at which it loses its name.
		swaps := 0
		lifecycle.OnStep(u.m, func(what string) {
			if strings.HasPrefix(what, "rename ") && strings.Contains(what, "acme.db.building") {
				u.before, swaps = u.ws.counts(), swaps+1
			}
		})
		defer lifecycle.OnStep(u.m, func(string) {})
		done, err := u.m.Restore(ctx, u.id, 1)
		if err != nil {
			return err
		}
		if swaps != 1 || done.Previous == nil {
			return fmt.Errorf("it was given another file %d times, and what was there is %v, %w", swaps, done.Previous, done.PreviousErr)
		}
		u.copied(u.name("previous"), anyCount) // the writers are at the new one
		_, err = u.m.RestoreAs(ctx, u.id, done.Previous.Sequence, creation{ID: u.name("previous")})
		return err
	}},
}

func TestWhatIsDoneToATenantWhileEightWorkersWriteLosesNothing(t *testing.T) {
	for name, op := range uses {
		t.Run(strings.ReplaceAll(name, " ", "-"), func(t *testing.T) {
			u := newUsing(t, t.TempDir())
			for u.round = range rounds(t) {
				u.check(t, op)
			}
			u.ws.end()
			u.wantHealthy(t)
		})
	}
}

// rounds is how often each operation is run; SILO_TORTURE_ROUNDS says otherwise.
func rounds(t *testing.T) int { return max(2, torture(t, "SILO_TORTURE_ROUNDS")) }

func newUsing(t *testing.T, folder string) *using {
	t.Helper()
	w := worldIn(t, folder, lifecycle.Options{Backups: lifecycle.NewFolder(t.TempDir()), WaitElsewhere: time.Minute})
	u := &using{world: w, id: w.create(t, "acme", "first"), folder: t.TempDir()}
	if _, err := u.backUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	u.ws = w.write(t, u.id)
	return u
}

// check runs an operation, and looks at the tenant and its copies.
func (u *using) check(t *testing.T, op use) {
	t.Helper()
	ctx, old := u.open(t, u.id)
	spy := intrude(ctx, old, fmt.Sprint("intruder ", u.round))
	u.copies, u.before = nil, u.ws.counts()
	before := u.before
	err := op.run(t.Context(), u)
	last := spy.end()
	switch {
	case err != nil:
		t.Fatal(err)
	case last != nil && (!op.ends || !errors.Is(last, tenantdb.ErrTenantGone)):
		t.Errorf("a handle from before: %v", last)
	case last == nil && op.ends:
		t.Error("a handle from before is good for the file that is there now")
	}
	u.wantState(t, u.id, catalog.Active)
	u.wantValue(t, u.id, "made", "first")
	switch n, err := u.get(u.id, spy.key); {
	case op.fresh:
		if !errors.Is(err, sql.ErrNoRows) {
			t.Errorf("a handle from before has written %q, %v to the file that is there now", n, err)
		}
	case err != nil || n != fmt.Sprint(spy.acked):
		t.Errorf("a handle from before has written %d, there is %q, %v", spy.acked, n, err)
	}
	if !op.fresh {
		u.checkCounts(t, u.id, before, anyCount)
	}
	for _, c := range u.copies {
		u.checkCounts(t, c.id, c.before, c.after)
	}
	if op.ends {
		u.ws.goOn()
	}
}

// intruder writes through one handle, whatever becomes of that, until told to end.
type intruder struct {
	key   string
	acked int // to be read after end
	stop  chan struct{}
	done  chan error
	once  func() error
}

func intrude(ctx context.Context, db *tenant.DB, key string) *intruder {
	i := &intruder{key: key, stop: make(chan struct{}), done: make(chan error, 1)}
	i.once = func() error {
		err := set(ctx, db, key, fmt.Sprint(i.acked+1))
		if err == nil {
			i.acked++
		}
		return err
	}
	begun := make(chan struct{})
	go func() {
		err := i.once()
		close(begun)
		for err == nil {
			select {
			case <-i.stop:
				i.done <- nil
				return
			default:
				err = i.once()
			}
		}
		i.done <- err
	}()
	<-begun
	return i
}

// end ends it, and returns why a write that it begins now was refused. One before may have been
// refused for a state that the operation gave the tenant for a while.
func (i *intruder) end() error {
	close(i.stop)
	if err := <-i.done; err != nil && !isRefusal(err) {
		return err
	}
	return i.once()
}

// The other process closes the file when the operation wants it alone, and goes on with what
// is there afterwards.
func TestWhatIsDoneToATenantThatAnotherProcessWritesToLosesNothing(t *testing.T) {
	for name, op := range uses {
		t.Run(strings.ReplaceAll(name, " ", "-"), func(t *testing.T) {
			folder := t.TempDir()
			u := newUsing(t, folder)
			other := writeElsewhere(t, folder, "acme")
			u.elsewhere = true
			for u.round = range rounds(t) {
				heard := other.acked()
				u.check(t, op)
				other.goOn(t)
				if n := other.found(t, u.world, u.id); !op.fresh && n < heard {
					t.Errorf("the other process's writes: %d, it was told of %d", n, heard)
				}
				for _, c := range u.copies { // begun later, that of what Restore has replaced too
					if n := other.found(t, u.world, c.id); n < heard {
						t.Errorf("the other process's writes in %v: %d, it was told of %d", c.id, n, heard)
					}
				}
			}
			last := other.end(t)
			if n := other.found(t, u.world, u.id); n != last {
				t.Errorf("the other process's writes: %d, it was told of %d", n, last)
			}
			u.ws.end()
			// The first write moves all of a log into the file that grew while two processes wrote, and the second begins it anew.
			for range 2 {
				if err := u.put(u.id, "alone", "again"); err != nil {
					t.Error(err)
				}
			}
			u.wantHealthy(t)
		})
	}
}
