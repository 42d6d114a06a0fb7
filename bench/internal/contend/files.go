package contend

import (
	"container/list"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// file is an open file of a tenant.
type file interface {
	// View returns the tenant for one request.
	View(ctx context.Context) (Tenant, error)
	Close() error
}

// files are tenants that have a file each, opened by hand: a map of open files, least
// recently used first out. It stands for what people write; it is for one goroutine.
type files struct {
	options  Options
	dir      string // of the tenants' files
	template string // a tenant's file with its rows
	open     func(path string) (file, error)

	made   int
	opened map[int]*list.Element
	used   *list.List // of entries, the last used first
}

type entry struct {
	tenant int
	file   file
}

// openFiles opens a folder of files below options.Dir, which new tenants come into as
// copies of one that goose's migrations made.
func openFiles(ctx context.Context, options Options, name string, open func(path string) (file, error)) (Tenants, error) {
	dir := filepath.Join(options.Dir, name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	template, err := makeTemplate(ctx, options)
	if err != nil {
		return nil, fmt.Errorf("template: %w", err)
	}
	return &files{options: options, dir: dir, template: template, open: open, opened: map[int]*list.Element{}, used: list.New()}, nil
}

func (f *files) path(i int) string { return filepath.Join(f.dir, fmt.Sprintf("%05d.db", i)) }

// Create implements [Starter], as people do it: goose's migrations, one by one.
func (f *files) Create(ctx context.Context) error {
	path := f.path(f.made)
	f.made++
	return migrateOneByOne(ctx, f.options.Schema, path)
}

// Prepare implements [Tenants].
func (f *files) Prepare(_ context.Context, n int) error {
	content, err := os.ReadFile(f.template)
	if err != nil {
		return err
	}
	for ; f.made < n; f.made++ {
		if path := f.path(f.made); !isFile(path) {
			if err := os.WriteFile(path, content, 0o600); err != nil {
				return err
			}
		}
	}
	return nil
}

// Fresh implements [Starter].
func (f *files) Fresh(ctx context.Context, n int) (first int, err error) {
	first = f.made
	return first, f.Prepare(ctx, first+n)
}

// Tenant implements [Tenants].
func (f *files) Tenant(ctx context.Context, i int) (Tenant, error) {
	if at, ok := f.opened[i]; ok {
		f.used.MoveToFront(at)
		return at.Value.(*entry).file.View(ctx)
	}
	for f.used.Len() >= f.options.MaxOpen {
		oldest := f.used.Remove(f.used.Back()).(*entry)
		delete(f.opened, oldest.tenant)
		if err := oldest.file.Close(); err != nil {
			return nil, err
		}
	}
	opened, err := f.open(f.path(i))
	if err != nil {
		return nil, err
	}
	f.opened[i] = f.used.PushFront(&entry{i, opened})
	return opened.View(ctx)
}

// CountAll implements [Tenants].
func (f *files) CountAll(ctx context.Context, n int) (int64, error) { return countEach(ctx, f, n) }

// Close implements [Tenants].
func (f *files) Close() (err error) {
	for at := f.used.Front(); at != nil; at = at.Next() {
		err = errors.Join(err, at.Value.(*entry).file.Close())
	}
	return err
}
