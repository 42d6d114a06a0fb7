// Package contend holds the contenders: the ways to keep tenants' data that the benchmarks
// compare. There is one file for each, and each says how it is used; all do the same
// operations on the same rows, on one schema or on both.
package contend

import (
	"context"
	"errors"
)

// Schema is one of the schemas that operations are done on.
type Schema string

// Product is the reference application's schema, Fleet the benchmarks' own.
const (
	Product Schema = "product"
	Fleet   Schema = "fleet"
)

// Contender is one way to keep tenants' data.
type Contender struct {
	Name    string // for tables
	About   string // a sentence for the report
	Schemas []Schema

	// Crowd says that the contender is one of those that are compared on very many
	// tenants too.
	Crowd bool

	// OneFile says that all tenants are in one database.
	OneFile bool

	// Bare says that the contender manages no tenants: it is left out where they are
	// opened and closed.
	Bare bool

	// Open opens a data folder, empty at first.
	Open func(ctx context.Context, options Options) (Tenants, error)
}

// Knows reports whether the contender has the operations on a schema.
func (c Contender) Knows(schema Schema) bool {
	for _, known := range c.Schemas {
		if known == schema {
			return true
		}
	}
	return false
}

// Options are what a contender's folder is opened with.
type Options struct {
	Schema  Schema
	Dir     string
	Rows    int // of the audit log, or of positions, that a tenant has at first
	MaxOpen int // the most tenants open at once, where there is such a limit
}

// Tenants are all tenants that a contender keeps. They are numbered from 0.
type Tenants interface {
	// Prepare makes tenants, so that there are at least n, with their rows.
	Prepare(ctx context.Context, n int) error

	// Tenant returns a tenant for one request, with the request's context, and opens
	// it if need be. Where the number of open tenants is limited, the tenant may be
	// used until the next one is asked for.
	Tenant(ctx context.Context, i int) (Tenant, error)

	// CountAll counts the rows of the audit log, or of positions, of n tenants.
	CountAll(ctx context.Context, n int) (int64, error)

	Close() error
}

// Tenant is a tenant as one request sees it. It is for one goroutine. Rows are numbered
// as in package data.
type Tenant interface {
	Point(i int) error   // read a row of 4 columns by its key
	Text(i int) error    // read a row by a key of text
	List(rows int) error // read the latest rows, newest first
	Count() (int64, error)
	Add(i int) error    // add the row that Text or Point reads
	Insert(i int) error // one row, committed
	Update(i int) error
	Upsert(i int) error     // in product a plain upsert, in fleet one that returns the row
	Bulk(i, rows int) error // insert rows in one transaction

	// Last returns the rows that the last call returned, or the number that it changed,
	// in a form that is the same for all contenders.
	Last() string

	// Again returns the same tenant for another goroutine, to be closed when it is done.
	Again() (Tenant, error)

	// Close gives back what Again took.
	Close() error
}

// Starter is Tenants of which each has a file.
type Starter interface {
	// Fresh makes n tenants more, which are not opened, and returns the first one's
	// number.
	Fresh(ctx context.Context, n int) (first int, err error)

	// Create makes one tenant more as an application does when a customer signs up.
	Create(ctx context.Context) error
}

// Reader is a Tenant that can run ten statements that read.
type Reader interface{ ReadTen() error }

// Kind is an operation on one tenant.
type Kind int

// The kinds of operations.
const (
	Point Kind = iota
	Text
	List10
	List100
	ListVarying
	Insert
	Update
	Upsert
	Bulk5
	Bulk100
	Kinds // how many there are
)

// Looper is a Tenant that repeats an operation by itself, without a call from Go for each.
type Looper interface {
	Loop(kind Kind, from, n int) error
}

// Run does an operation n times, from row number from.
func Run(t Tenant, kind Kind, from, n int) error {
	if looper, ok := t.(Looper); ok {
		return looper.Loop(kind, from, n)
	}
	for i := range n {
		if err := Call(t, kind, from+i); err != nil {
			return err
		}
	}
	return nil
}

// All returns the contenders that can run here, the first of them silo, and a line for
// each that cannot, which says why.
func All() (contenders []Contender, skipped []string) {
	contenders = []Contender{Silo, Stock, Prepared, Zombiezen}
	for _, optional := range []func() ([]Contender, string){cgoContenders, sharedContenders, postgresContenders} {
		more, why := optional()
		contenders = append(contenders, more...)
		if why != "" {
			skipped = append(skipped, why)
		}
	}
	return contenders, skipped
}

var errNoRow = errors.New("contend: no such row")
var errNotHere = errors.New("contend: not an operation of this contender")
