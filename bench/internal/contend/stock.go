package contend

import (
	"context"
	"database/sql"
	"errors"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/silokit/silo/bench/stock/fleet"
	"github.com/silokit/silo/bench/stock/product"
)

// Stock is sqlc's output on modernc.org/sqlite's database/sql driver, as people use it.
var Stock = Contender{
	Name:    "sqlc",
	About:   "stock sqlc 1.31.1 output on modernc.org/sqlite's database/sql driver; statements are not prepared",
	Schemas: []Schema{Product, Fleet},
	Open: func(ctx context.Context, options Options) (Tenants, error) {
		return openFiles(ctx, options, "sqlc", func(path string) (file, error) {
			return openStock("sqlite", stockName(path), options.Schema, nil, nil)
		})
	},
}

// Prepared is the same with all statements prepared when a file is opened.
var Prepared = Contender{
	Name:    "sqlc prepared",
	About:   "the same, with emit_prepared_queries: all statements are prepared when a file is opened",
	Schemas: []Schema{Product, Fleet},
	Crowd:   true,
	Open: func(ctx context.Context, options Options) (Tenants, error) {
		return openFiles(ctx, options, "prepared", openPrepared(options.Schema))
	},
}

// stockName is a data source name as people write it.
func stockName(path string) string {
	return "file:" + path + "?_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)&_pragma=busy_timeout(5000)&_pragma=foreign_keys(1)&_txlock=immediate"
}

func openPrepared(schema Schema) func(path string) (file, error) {
	return func(path string) (file, error) {
		return openStock("sqlite", stockName(path), schema, product.Prepare, fleet.Prepare)
	}
}

// stockFile is a database/sql pool and the queries on it.
type stockFile struct {
	db      *sql.DB
	product *product.Queries
	fleet   *fleet.Queries
}

// openStock opens a file through database/sql. Without functions to prepare them,
// statements are not prepared.
func openStock(
	driver, name string, schema Schema,
	prepareProduct func(context.Context, product.DBTX) (*product.Queries, error),
	prepareFleet func(context.Context, fleet.DBTX) (*fleet.Queries, error),
) (_ file, err error) {
	db, err := sql.Open(driver, name)
	if err != nil {
		return nil, err
	}
	opened := &stockFile{db: db}
	ctx := context.Background()
	switch {
	case schema == Product && prepareProduct != nil:
		opened.product, err = prepareProduct(ctx, db)
	case schema == Product:
		opened.product = product.New(db)
	case prepareFleet != nil:
		opened.fleet, err = prepareFleet(ctx, db)
	default:
		opened.fleet = fleet.New(db)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return opened, nil
}

func (f *stockFile) View(ctx context.Context) (Tenant, error) {
	if f.fleet != nil {
		return &stockFleet{ctx: ctx, db: f.db, q: f.fleet}, nil
	}
	return &stockProduct{ctx: ctx, db: f.db, q: f.product}, nil
}

func (f *stockFile) Close() error {
	var err error
	if f.fleet != nil {
		err = f.fleet.Close()
	} else {
		err = f.product.Close()
	}
	return errors.Join(err, f.db.Close())
}

// nullable is how sqlc's output takes what may be NULL.
func nullable(s *string) sql.NullString {
	if s == nil {
		return sql.NullString{}
	}
	return sql.NullString{String: *s, Valid: true}
}

// pointer is the way back.
func pointer(s sql.NullString) *string {
	if !s.Valid {
		return nil
	}
	return &s.String
}

// inTransaction runs f in a transaction as people write it.
func inTransaction(ctx context.Context, db *sql.DB, f func(*sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := f(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}
