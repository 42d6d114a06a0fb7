package cycle

import (
	"context"
	"errors"
	"fmt"

	"github.com/silokit/silo/bench/internal/measure"
	"github.com/silokit/silo/bench/internal/operate"
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

// Backup measures the backup of all tenants of a folder, each of which is open and was not
// backed up since it was written to: many small ones, one large one, some large ones. What a pass
// has made stays until Clear.
func (s Setting) Backup(ctx context.Context) (operate.Table, error) {
	table := operate.Table{ID: "backup", Order: []string{Silo, OneByOne}}
	if findShell() != "" {
		table.Order = append(table.Order, Shell, ShellOne)
	}
	for _, of := range []struct {
		id            string
		tenants, rows int
	}{{"small", s.Tenants, s.SmallRows}, {"large", 1, s.LargeRows}, {"larges", s.Large, s.LargeRows}} {
		if err := s.backup(ctx, &table, of.id, of.tenants, of.rows); err != nil {
			return table, err
		}
	}
	return table, nil
}

func (s Setting) backup(ctx context.Context, table *operate.Table, id string, tenants, rows int) (err error) {
	w, err := populate(ctx, s.left(id), tenants, rows)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	size, err := w.size()
	if err != nil {
		return err
	}
	title := fmt.Sprintf("back up a tenant of %s, of %d", bytes(size), tenants)
	tasks := []measure.Task{w.backups(ctx, Silo, w.manager)}
	one, err := lifecycle.New(w.store, w.catalog, lifecycle.Options{Workers: 1})
	if err != nil {
		return err
	}
	tasks = append(tasks, w.backups(ctx, OneByOne, one))
	if sh := findShell(); sh != "" {
		folder := ""
		passes := 0
		anew := func() error {
			passes++
			folder = s.left(fmt.Sprintf("%s-shell-%d", id, passes))
			return empty(ctx, folder)
		}
		tasks = append(tasks,
			measure.Pass(Shell, tenants, anew, func() error { return sh.each(ctx, w.files(), folder) }),
			measure.Pass(ShellOne, tenants, anew, func() error { return sh.once(ctx, w.files(), folder) }),
		)
	}
	return s.Compare(table, id, title, 1, tasks...)
}

// backups is a pass over all tenants by a Manager.
func (w *world) backups(ctx context.Context, name string, manager *lifecycle.Manager[tenant.Schema]) measure.Task {
	return measure.Pass(name, len(w.ids), nil, func() error { return backUpAll(ctx, manager) })
}

func backUpAll(ctx context.Context, manager *lifecycle.Manager[tenant.Schema]) error {
	for b, err := range manager.BackupAll(ctx, catalog.Filter{}, lifecycle.BackupOptions{Unchanged: lifecycle.CopyUnchanged}) {
		if err := errors.Join(err, b.Err); err != nil {
			return err
		}
	}
	return nil
}

// prune removes all backups but the last of each tenant.
func prune(ctx context.Context, manager *lifecycle.Manager[tenant.Schema]) error {
	last := []lifecycle.BackupRule{{Retention: lifecycle.Retention{Last: 1}}}
	for p, err := range manager.Prune(ctx, tenantdb.ID{}, lifecycle.PruneOptions{Rules: last}) {
		if err := errors.Join(err, p.Err); err != nil {
			return err
		}
	}
	return nil
}

// bytes writes a size for people.
func bytes(n int64) string {
	if n < 1<<20 {
		return fmt.Sprintf("%d KB", n>>10)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
}
