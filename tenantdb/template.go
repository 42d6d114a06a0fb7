package tenantdb

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"log/slog"
	"sync"
	"sync/atomic"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// templates are what tenants' files are copies of when they are created: for each schema
// an empty, migrated file, made when the first tenant is created and kept in memory. It
// is on no disk, so that nothing of it can be left behind, cut off or changed there.
type templates struct {
	mu sync.Mutex
	of map[templateKey]*template
}

// templateKey is what makes two definitions of a schema the same.
type templateKey struct{ name, digest string }

// template is the image that the files of one schema begin as. It is made at most once.
type template struct {
	making chan struct{} // holds a token while it is made; others wait, and their contexts may end
	made   atomic.Pointer[image]
	press  chan *press // holds it while nobody uses it; nil is one that is to be made
}

// image is a file as bytes, or nil if the schema's tenants cannot be copies of one.
type image struct {
	bytes []byte
	sum   uint32 // of bytes, looked at before each use
}

// maxTemplatePages is how large a template may be, in pages of 4 KiB. Migrations that
// fill more than that are run for each tenant.
const maxTemplatePages = 1024

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func newImage(bytes []byte) *image {
	return &image{bytes: bytes, sum: crc32.Checksum(bytes, castagnoli)}
}

func (i *image) whole() bool { return crc32.Checksum(i.bytes, castagnoli) == i.sum }

// template returns the template of which a's file is to be a copy, and its image, which is nil
// where the migrations must run for each tenant.
func (d *Dir) template(ctx context.Context, a address) (*template, []byte, error) {
	if a.tenant.IsZero() {
		return nil, nil, nil // there is one global database
	}
	t := d.templates.get(templateKey{a.def.name, a.def.set.Digest})
	for {
		if have := t.made.Load(); have != nil && have.whole() {
			return t, have.bytes, nil
		}
		if err := d.makeTemplate(ctx, a, t); err != nil {
			return nil, nil, err
		}
	}
}

func (ts *templates) get(key templateKey) *template {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	t := ts.of[key]
	if t == nil {
		if ts.of == nil {
			ts.of = map[templateKey]*template{}
		}
		t = &template{making: make(chan struct{}, 1), press: make(chan *press, 1)}
		t.press <- nil
		ts.of[key] = t
	}
	return t
}

// close frees what they hold. Nobody creates a tenant any more.
func (ts *templates) close() (err error) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	for _, t := range ts.of {
		err = errors.Join(err, (<-t.press).close())
		t.press <- nil
	}
	return err
}

// makeTemplate makes the template or finds that there can be none. Its error is the end
// of the context; then the next that wants one makes it.
func (d *Dir) makeTemplate(ctx context.Context, a address, t *template) error {
	select {
	case t.making <- struct{}{}:
		defer func() { <-t.making }()
	case <-ctx.Done():
		return sqlite.Ended(ctx)
	}
	if have := t.made.Load(); have != nil {
		if have.whole() {
			return nil // made meanwhile
		}
		d.options.Logger.Error("tenantdb: the template of new tenants has changed in memory, and is made anew", slog.String("schema", a.def.name))
	}
	bytes, err := templateOf(ctx, a.def)
	if ctx.Err() != nil {
		return sqlite.Ended(ctx)
	}
	if err != nil {
		// If the migrations cannot run at all, running them will tell.
		d.options.Logger.Info("tenantdb: migrations run for each new tenant, a copy of one would not do",
			slog.String("schema", a.def.name), slog.Any("error", err))
	}
	t.made.Store(newImage(bytes))
	return nil
}

// templateOf runs the migrations of a schema in memory. It fails where the outcome could
// be another for another tenant or at another time: then a copy is not what the
// migrations would make.
func templateOf(ctx context.Context, def *definition) (out []byte, err error) {
	conn, err := sqlite.Open(ctx, ":memory:", 0, sqlite.Config{Mode: sqlite.InMemory, Policy: sqlite.Template, ForeignKeys: sqlite.NotEnforced})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	conn.Watch(ctx, migrateWait)
	if err := conn.RefuseVarying(); err != nil {
		return nil, err
	}
	if err := conn.Exec(fmt.Sprintf("PRAGMA max_page_count=%d", maxTemplatePages)); err != nil {
		return nil, err
	}
	if err := fill(ctx, conn, address{def: def}); err != nil {
		return nil, err
	}
	err = conn.Image(func(image []byte) error { out = bytes.Clone(image); return nil })
	return out, err
}
