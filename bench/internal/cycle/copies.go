package cycle

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/silokit/silo/bench/internal/operate"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

// Copies measures the operations that copy a tenant's data, and its erasure, for
// information: nothing is compared.
func (s Setting) Copies(ctx context.Context) (operate.Table, error) {
	table := operate.Table{ID: "copies", Order: []string{Silo}}
	for _, of := range []struct {
		id   string
		rows int
		n    int
	}{{"small", s.SmallRows, 20}, {"large", s.LargeRows, 2}} {
		if err := s.copies(ctx, &table, of.id, of.rows, of.n); err != nil {
			return table, err
		}
	}
	return table, nil
}

func (s Setting) copies(ctx context.Context, table *operate.Table, id string, rows, n int) (err error) {
	w, err := populate(ctx, filepath.Join(s.Dir, id+"-copies"), 1, rows)
	if err != nil {
		return err
	}
	folder := filepath.Join(s.Dir, id+"-exports")
	defer func() { err = errors.Join(err, w.close(), os.RemoveAll(w.path), os.RemoveAll(folder)) }()
	if err := empty(ctx, folder); err != nil {
		return err
	}
	size, err := w.size()
	if err != nil {
		return err
	}
	from := w.ids[0]
	c := copier{w: w, from: from, folder: folder}
	if err := c.export(ctx); err != nil { // for the import
		return err
	}
	if _, err := w.manager.Backup(ctx, from, lifecycle.BackupOptions{}); err != nil { // for the restore
		return err
	}
	for _, step := range []struct {
		id      string
		prepare func(n int) error
		do      func(context.Context) error
	}{
		{"clone", nil, c.clone},
		{"export", nil, c.export},
		{"import", nil, c.bringIn},
		{"restore", nil, c.restore},
		{"erase", func(n int) error { return c.ready(ctx, n) }, c.erase},
	} {
		task := timed(Silo, step.prepare, func(n int) error {
			for range n {
				if err := step.do(ctx); err != nil {
					return err
				}
			}
			return nil
		})
		if err := s.Compare(table, step.id+" "+id, fmt.Sprintf("%s, %s", step.id, bytes(size)), n, task); err != nil {
			return err
		}
	}
	return nil
}

// copier does the operations on one tenant and its copies.
type copier struct {
	w       *world
	from    tenantdb.ID
	folder  string // of the exports
	exports int
	copies  []tenantdb.ID // to be erased
}

func (c *copier) clone(ctx context.Context) error {
	return c.make(func(of creation) error {
		_, err := c.w.manager.Clone(ctx, c.from, of)
		return err
	})
}

func (c *copier) bringIn(ctx context.Context) error {
	return c.make(func(of creation) error {
		_, err := c.w.manager.Import(ctx, c.exported(1), of)
		return err
	})
}

func (c *copier) make(f func(creation) error) error {
	id, err := c.w.next()
	if err == nil {
		err = f(creation{ID: id})
	}
	if err == nil {
		c.copies = append(c.copies, id)
	}
	return err
}

func (c *copier) exported(n int) string { return filepath.Join(c.folder, fmt.Sprint(n, ".tar")) }

func (c *copier) export(ctx context.Context) error {
	c.exports++
	_, err := c.w.manager.Export(ctx, c.from, c.exported(c.exports))
	return err
}

func (c *copier) restore(ctx context.Context) error {
	_, err := c.w.manager.Restore(ctx, c.from, 1)
	return err
}

// ready sees to it that there are n copies.
func (c *copier) ready(ctx context.Context, n int) error {
	for len(c.copies) < n {
		if err := c.clone(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (c *copier) erase(ctx context.Context) error {
	last := len(c.copies) - 1
	_, err := c.w.manager.Erase(ctx, c.copies[last])
	c.copies = c.copies[:last]
	return err
}
