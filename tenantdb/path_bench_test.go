package tenantdb_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// The data path as an application walks it: generated queries of the reference
// application, with the context of a request, which can be cancelled. What it is
// compared with is in bench/.

// newPath returns a tenant with 200 settings and 1,000 entries in its audit log.
func newPath(b *testing.B) (context.Context, *tenant.DB) {
	b.Helper()
	acme := tenanttest.New(b, tenantdb.OpenStore[tenant.Schema]).Tenant("acme")
	ctx, cancel := context.WithCancel(acme.Context)
	b.Cleanup(cancel)
	err := tenant.Write(ctx, acme.DB, func(ctx context.Context, q *tenant.Queries) error {
		for i := range 200 {
			if err := q.SetConfig(ctx, tenant.SetConfigParams{Key: key(i), Value: "value of a setting"}); err != nil {
				return err
			}
		}
		for i := range 1000 {
			if err := q.InsertAuditEntry(ctx, entry(i)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.ResetTimer()
	return ctx, acme.DB
}

func key(i int) string { return fmt.Sprintf("setting.%03d", i) }

func entry(i int) tenant.InsertAuditEntryParams {
	return tenant.InsertAuditEntryParams{Actor: "user-17", Event: "login", SubjectKind: "user", SubjectID: fmt.Sprint("user-", i)}
}

func BenchmarkPathPointRead(b *testing.B) {
	ctx, db := newPath(b)
	k := key(100)
	for b.Loop() {
		if _, err := tenant.New(db).GetConfig(ctx, k); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPathPointReadParallel(b *testing.B) {
	ctx, db := newPath(b)
	b.RunParallel(func(pb *testing.PB) {
		k := key(100)
		for pb.Next() {
			if _, err := tenant.New(db).GetConfig(ctx, k); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

func BenchmarkPathPointReadAfterWrites(b *testing.B) {
	for _, every := range []int{2, 10, 100, 1000} {
		b.Run(fmt.Sprintf("1in%d", every), func(b *testing.B) {
			ctx, db := newPath(b)
			k := key(100)
			i := 0
			for b.Loop() {
				if i++; i%every == 0 {
					b.StopTimer()
					if err := tenant.New(db).SetConfig(ctx, tenant.SetConfigParams{Key: key(i % 200), Value: "another"}); err != nil {
						b.Fatal(err)
					}
					b.StartTimer()
				}
				if _, err := tenant.New(db).GetConfig(ctx, k); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkPathRows(b *testing.B) {
	for _, rows := range []int64{10, 100} {
		b.Run(fmt.Sprint(rows), func(b *testing.B) {
			ctx, db := newPath(b)
			for b.Loop() {
				if got, err := tenant.New(db).ListAuditLog(ctx, rows); err != nil || int64(len(got)) != rows {
					b.Fatal(len(got), err)
				}
			}
		})
	}
}

func BenchmarkPathInsert(b *testing.B) {
	ctx, db := newPath(b)
	e := entry(1)
	for b.Loop() {
		if err := tenant.New(db).InsertAuditEntry(ctx, e); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPathUpsert(b *testing.B) {
	ctx, db := newPath(b)
	values := [2]string{"another value", "and yet another"}
	i := 0
	for b.Loop() {
		i++
		arg := tenant.SetConfigParams{Key: key(100), Value: values[i%2]}
		if err := tenant.New(db).SetConfig(ctx, arg); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPathTransaction(b *testing.B) {
	for _, inserts := range []int{5, 100} {
		b.Run(fmt.Sprint(inserts), func(b *testing.B) {
			ctx, db := newPath(b)
			e := entry(1)
			for b.Loop() {
				err := tenant.Write(ctx, db, func(ctx context.Context, q *tenant.Queries) error {
					for range inserts {
						if err := q.InsertAuditEntry(ctx, e); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
