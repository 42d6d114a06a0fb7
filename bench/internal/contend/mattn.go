//go:build cgo

package contend

import (
	"context"

	_ "github.com/mattn/go-sqlite3" // the driver "sqlite3"

	"github.com/silokit/silo/bench/stock/fleet"
	"github.com/silokit/silo/bench/stock/product"
)

// Mattn is sqlc's output on the driver that binds SQLite in C.
var Mattn = Contender{
	Name:    "mattn",
	About:   "stock sqlc output, all statements prepared, on github.com/mattn/go-sqlite3 (cgo)",
	Schemas: []Schema{Product, Fleet},
	Open: func(ctx context.Context, options Options) (Tenants, error) {
		return openFiles(ctx, options, "mattn", func(path string) (file, error) {
			name := "file:" + path + "?_journal_mode=WAL&_synchronous=NORMAL&_busy_timeout=5000&_foreign_keys=1&_txlock=immediate"
			return openStock("sqlite3", name, options.Schema, product.Prepare, fleet.Prepare)
		})
	},
}

func cgoContenders() ([]Contender, string) { return []Contender{Mattn, C}, "" }
