package tenantdb

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// press makes the files of new tenants from a template. SQLite has that in memory, writes there what is
// a tenant's own in a transaction that is undone, and is asked for the pages on which that is; the
// others are the template's. So it reads the schema once, not for each tenant, and nothing of one
// tenant is left for the next. It is used by one at a time.
type press struct {
	conn  *sqlite.Conn
	own   []int64 // the numbers of the pages on which something is a tenant's own
	page  []byte
	paper []byte // what is written to the file
}

// print writes into the empty file f what is in the image, made a's own, from the beginning to the end, once.
func (t *template) print(ctx context.Context, f *os.File, image []byte, a address) (err error) {
	var p *press
	select {
	case p = <-t.press:
	case <-ctx.Done():
		return sqlite.Ended(ctx)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.close())
			p = nil
		}
		t.press <- p
	}()
	if p != nil && !p.isOf(ctx, image) {
		err = p.close()
		p = nil
	}
	if p == nil && err == nil {
		p, err = newPress(ctx, image, a)
	}
	if err == nil {
		err = p.fill(ctx, image, a)
	}
	if err == nil {
		_, err = f.Write(p.paper)
	}
	return err
}

// newPress has SQLite load the image, and finds out on which pages something is a tenant's own.
func newPress(ctx context.Context, image []byte, a address) (p *press, err error) {
	conn, err := sqlite.Open(ctx, ":memory:", 0, sqlite.Config{Mode: sqlite.InMemory, Policy: sqlite.Migrations})
	if err != nil {
		return nil, err
	}
	p = &press{conn: conn, paper: make([]byte, len(image))}
	defer func() {
		if err != nil {
			err = errors.Join(err, conn.Close())
			p = nil
		}
	}()
	conn.Watch(ctx, migrateWait)
	defer conn.Unwatch()
	if err := conn.Load(image); err != nil {
		return nil, err
	}
	// Of the longest name and another time, so that all are found that could be.
	of, number := address{def: a.def, tenant: ID{strings.Repeat("x", MaxIDLength)}}, int64(0)
	err = p.make(of, time.Unix(0, 0), func() error {
		return conn.Pages(func(page []byte) error {
			at := int(number) * len(page)
			if number++; at+len(page) > len(image) {
				return fmt.Errorf("%w: a copy of the template has more pages", ErrIO)
			}
			if p.page = slices.Grow(p.page[:0], len(page))[:len(page)]; !bytes.Equal(page, image[at:at+len(page)]) {
				p.own = append(p.own, number)
			}
			return nil
		})
	})
	if err == nil {
		err = conn.FreePages()
	}
	return p, err
}

// isOf reports whether what the press has in memory is what the image has, where that counts.
func (p *press) isOf(ctx context.Context, image []byte) bool {
	p.conn.Watch(ctx, migrateWait)
	defer p.conn.Unwatch()
	for _, number := range p.own {
		at := int(number-1) * len(p.page)
		if len(image) != len(p.paper) || p.conn.Page(number, p.page) != nil || !bytes.Equal(p.page, image[at:at+len(p.page)]) {
			return false
		}
	}
	return true
}

// fill has the paper be a's file.
func (p *press) fill(ctx context.Context, image []byte, a address) error {
	p.conn.Watch(ctx, migrateWait)
	defer p.conn.Unwatch()
	copy(p.paper, image)
	err := p.make(a, time.Now(), func() error {
		for _, number := range p.own {
			at := int(number-1) * len(p.page)
			if err := p.conn.Page(number, p.paper[at:at+len(p.page)]); err != nil {
				return err
			}
		}
		return nil
	})
	sqlite.MarkWAL((*[sqlite.HeaderSize]byte)(p.paper))
	return err
}

// make calls read in a transaction in which the database is a's, and undoes it.
func (p *press) make(a address, at time.Time, read func() error) error {
	if err := p.conn.BeginWrite(); err != nil {
		return err
	}
	err := changeIdentity(p.conn, a)
	if err == nil {
		err = a.def.set.Redate(p.conn, at)
	}
	if err == nil {
		err = read()
	}
	if p.conn.InTransaction() {
		err = errors.Join(err, p.conn.Rollback())
	}
	return err
}

func (p *press) close() error {
	if p == nil {
		return nil
	}
	return p.conn.Close()
}
