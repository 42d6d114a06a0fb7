package tenantdb_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/internal/sqlite"
	"github.com/silokit/silo/tenantdb/internal/sqlite/sqlitefault"
	"github.com/silokit/silo/tenantdb/query"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// A full-text table writes by statements of its own, and a disk may be full within one of
// these.
func TestAFullTextTableForgetsWhatAFullDiskUndid(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[rich])
	plan := sqlitefault.Below(t, kit.Dir.Path())
	acme := kit.Tenant("acme")
	fill := query.Write("Fill", "rich.sql:1", "INSERT INTO filler (body) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300) SELECT zeroblob(4000) FROM n")
	find := query.Write("Find", "rich.sql:4", "INSERT INTO found VALUES (?1)")
	count := query.Read("Count", "rich.sql:7", "SELECT count(*) FROM found WHERE found MATCH ?1")
	full := 0
	for after := range 12 {
		undone := fmt.Sprint("undone", after)
		err := acme.DB.Write(acme.Context, func(ctx context.Context, tx *tenantdb.Tx[rich]) error {
			err := query.Exec(ctx, tenantdb.Bind(tx), fill) // so that the cache is full
			plan.Arm(sqlitefault.Fault{File: sqlitefault.Log, Op: sqlitefault.Write, After: after, Code: sqlitefault.DiskFull})
			for range 3 {
				err = errors.Join(err, query.Exec(ctx, tenantdb.Bind(tx), find, query.Text(undone+strings.Repeat(" word", 1000))))
			}
			return err
		})
		if plan.Disarm() > 0 {
			full++
			if !errors.Is(err, tenantdb.ErrDiskFull) {
				t.Errorf("on a full disk Write is %v", err)
			}
		} else if err != nil {
			t.Fatal(err)
		}
		if err := query.Exec(acme.Context, tenantdb.Bind(acme.DB), find, query.Text("then")); err != nil {
			t.Fatal(err)
		}
		n, err := query.One(acme.Context, tenantdb.Bind(acme.DB), count, scanInt, query.Text(undone))
		if err != nil || n > 0 && full > after {
			t.Errorf("what was undone is found in %d rows, %v", n, err)
		}
		conn, err := sqlite.Open(t.Context(), tenantdb.PathOf(acme.DB), 0, sqlite.Config{})
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(conn.IntegrityCheck(), conn.Close()); err != nil {
			t.Fatalf("after %d writes of the log: %v", after, err)
		}
	}
	if full == 0 {
		t.Error("no disk was full")
	}
}
