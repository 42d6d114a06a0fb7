package cycle

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/silokit/silo/bench/internal/measure"
	"github.com/silokit/silo/bench/internal/operate"
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

const (
	writeEach = time.Millisecond
	writeFor  = 2 * time.Second // a slice, at the scale of a full run
)

// Writer measures how long an update of a large tenant takes, of which there is one each
// millisecond, while the tenant is backed up again and again. It also returns how many backups
// ended meanwhile, in all rounds.
func (s Setting) Writer(ctx context.Context) (table operate.Table, ended map[string]int, err error) {
	w, err := populate(ctx, filepath.Join(s.Dir, "writer"), 1, s.LargeRows)
	if err != nil {
		return table, nil, err
	}
	folder := filepath.Join(s.Dir, "writer-shell")
	defer func() { err = errors.Join(err, w.close(), os.RemoveAll(w.path), os.RemoveAll(folder)) }()
	if err := empty(ctx, folder); err != nil {
		return table, nil, err
	}
	id := w.ids[0]
	backups := map[string]func(context.Context) error{
		Alone: func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
		Silo: func(ctx context.Context) error {
			_, err := w.manager.Backup(ctx, id, lifecycle.BackupOptions{})
			return err
		},
	}
	table = operate.Table{ID: "writer", Order: []string{Alone, Silo}}
	if sh := findShell(); sh != "" {
		table.Order = append(table.Order, Shell)
		backups[Shell] = func(ctx context.Context) error { return sh.each(ctx, w.files(), folder) }
	}
	parts := []struct {
		id, title string
		at        float64
	}{{"median", "median", 0.5}, {"p99", "99th percentile", 0.99}, {"longest", "the longest", 1}}
	for _, part := range parts {
		table.Rows = append(table.Rows, operate.Row{ID: part.id, Title: part.title, Samples: map[string][]measure.Sample{}})
	}
	ended = map[string]int{}
	for round := range s.Rounds.Count {
		s.Say("  writes while a tenant is backed up, round %d", round+1)
		for _, name := range table.Order {
			took, n, err := s.writeWhile(ctx, w, id, backups[name])
			if err != nil {
				return table, nil, fmt.Errorf("%s: %w", name, err)
			}
			ended[name] += n
			for i, part := range parts {
				table.Rows[i].Samples[name] = append(table.Rows[i].Samples[name], measure.Sample{Wall: measure.Percentile(took, part.at)})
			}
			if err := prune(ctx, w.manager); err != nil {
				return table, nil, err
			}
		}
	}
	delete(ended, Alone)
	return table, ended, nil
}

// writeWhile writes to the tenant while backup is called again and again, and returns how many
// nanoseconds each write took and how many backups ended.
func (s Setting) writeWhile(ctx context.Context, w *world, id tenantdb.ID, backup func(context.Context) error) (took []float64, ended int, err error) {
	backing, stop := context.WithTimeout(ctx, time.Duration(float64(writeFor)*s.Rounds.Scale))
	defer stop()
	var failed error
	var background sync.WaitGroup
	background.Go(func() {
		for backing.Err() == nil {
			if err := backup(backing); err == nil {
				ended++
			} else if backing.Err() == nil {
				failed = err
				stop()
			}
		}
	})
	took, err = writes(ctx, backing.Done(), w, id)
	stop()
	background.Wait()
	return took, ended, errors.Join(err, failed)
}

// writes updates a row of the tenant each millisecond until done.
func writes(ctx context.Context, done <-chan struct{}, w *world, id tenantdb.ID) (took []float64, err error) {
	ctx, db, err := w.use(ctx, id)
	if err != nil {
		return nil, err
	}
	tick := time.NewTicker(writeEach)
	defer tick.Stop()
	for i := 0; ; i++ {
		select {
		case <-done:
			return took, nil
		case <-tick.C:
		}
		began := time.Now()
		err := tenant.New(db).SetConfig(ctx, tenant.SetConfigParams{Key: fmt.Sprintf("bench.%d", i*37%1000), Value: fmt.Sprint(i)})
		if err != nil {
			return nil, err
		}
		took = append(took, float64(time.Since(began)))
	}
}
