package lifecycle_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/lifecycle"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// historians write a tenant's history, its audit log: four of them, each with numbers that
// count up, as fast as they are given turns.
type historians struct {
	turns chan struct{}
	group sync.WaitGroup
	acked [4]atomic.Int64
}

// turnsBetween is how much all of them write between two backups, at most.
const turnsBetween = 40

func (w world) writeHistory(t *testing.T, id tenantdb.ID) *historians {
	h := &historians{turns: make(chan struct{}, turnsBetween)}
	ctx, db := w.open(t, id)
	for i := range h.acked {
		h.group.Go(func() {
			for range h.turns {
				n := h.acked[i].Load()
				err := tenant.New(db).InsertAuditEntry(ctx, tenant.InsertAuditEntryParams{
					Actor: fmt.Sprint("writer ", i), Event: "wrote", SubjectKind: "number", SubjectID: fmt.Sprint(n),
				})
				if err != nil {
					t.Errorf("writer %d, number %d: %v", i, n, err)
					return
				}
				h.acked[i].Store(n + 1)
			}
		})
	}
	return h
}

func (h *historians) goOn() {
	for len(h.turns) < cap(h.turns) {
		h.turns <- struct{}{}
	}
}

func (h *historians) end() { close(h.turns); h.group.Wait() }

// open resolves a tenant.
func (w world) open(t *testing.T, id tenantdb.ID) (context.Context, *tenant.DB) {
	t.Helper()
	ctx, err := tenantdb.WithTenant(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	db, err := w.store.Resolve(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return ctx, db
}

// history returns what was written to a tenant, in the order of the commits.
func (w world) history(t *testing.T, id tenantdb.ID) (list []string) {
	t.Helper()
	ctx, db := w.open(t, id)
	rows, err := tenant.New(db).ListAuditLog(ctx, 1<<40)
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(rows, func(a, b tenant.AuditLog) int { return int(a.ID - b.ID) })
	for i, row := range rows {
		if row.ID != int64(i+1) {
			t.Errorf("%v: row %d has number %d", id, i+1, row.ID)
		}
		list = append(list, row.Actor+", number "+row.SubjectID)
	}
	return list
}

// Four writers write while a tenant is backed up, over and over. Each backup passes what Verify
// looks at and, restored as another tenant, is a prefix of the one history that the writers
// have written together: with all that was acknowledged before the backup began, and nothing
// that was begun after it.
func TestEachBackupTakenWhileFourWriteIsAPrefixOfTheirHistory(t *testing.T) {
	count := torture(t, "SILO_TORTURE_BACKUPS")
	if count == 0 {
		count = 30
	}
	const each = 100 // backups of one tenant, whose history they all are compared with
	w := newWorld(t, lifecycle.Options{})
	rows, during := 0, 0
	for taken := 0; taken < count; taken += each {
		id := tenanttest.ID(t, fmt.Sprint("acme-", taken/each))
		w.create(t, id.String(), "first")
		written, meanwhile := w.backUpHistory(t, id, min(each, count-taken))
		rows, during = rows+written, during+meanwhile
		if _, err := w.m.Erase(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
	w.wantHealthy(t)
	t.Logf("%d backups, during %d of which some of %d rows were written: each passed, and was a prefix", count, during, rows)
	if during == 0 {
		t.Error("nothing was written while a backup was taken")
	}
}

// backUpHistory takes so many backups, and returns how many rows there were at the end, and during
// how many backups some were written.
func (w world) backUpHistory(t *testing.T, id tenantdb.ID, count int) (rows, during int) {
	t.Helper()
	writers := w.writeHistory(t, id)
	var restored [][]string
	copied := tenanttest.ID(t, "restored")
	for range count {
		writers.goOn()
		var before [4]int
		for i := range before {
			before[i] = int(writers.acked[i].Load())
		}
		done, err := w.m.Backup(t.Context(), id, lifecycle.BackupOptions{Unchanged: lifecycle.CopyUnchanged})
		if err != nil {
			t.Fatal(err)
		}
		var after [4]int
		for i := range after {
			after[i] = int(writers.acked[i].Load())
		}
		if after != before {
			during++
		}
		for i := range after {
			after[i]++ // one is perhaps about to be told of
		}
		if _, err := w.m.Verify(t.Context(), id, done.Backup.Sequence); err != nil {
			t.Fatal(err)
		}
		if _, err := w.m.RestoreAs(t.Context(), id, done.Backup.Sequence, creation{ID: copied}); err != nil {
			t.Fatal(err)
		}
		has := w.history(t, copied)
		wantWithin(t, has, before, after)
		restored = append(restored, has)
		if _, err := w.m.Erase(t.Context(), copied); err != nil {
			t.Fatal(err)
		}
	}
	writers.end()
	all := w.history(t, id)
	for i, has := range restored {
		if len(has) > len(all) || !slices.Equal(has, all[:len(has)]) {
			t.Errorf("backup %d of %v, of %d rows, is no prefix of the %d that were written", i+1, id, len(has), len(all))
		}
	}
	return len(all), during
}

// wantWithin looks whether a history has the first numbers of each writer, and how many.
func wantWithin(t *testing.T, history []string, before, after [4]int) {
	t.Helper()
	var next [4]int
	for _, row := range history {
		var writer, number int
		if _, err := fmt.Sscanf(row, "writer %d, number %d", &writer, &number); err != nil {
			t.Fatalf("%q: %v", row, err)
		}
		if number != next[writer] {
			t.Errorf("%q comes where number %d should", row, next[writer])
		}
		next[writer]++
	}
	for i := range next {
		if next[i] < before[i] || next[i] > after[i] {
			t.Errorf("it has %d of writer %d, of whom %d were acknowledged before it and at most %d begun until after", next[i], i, before[i], after[i])
		}
	}
}
