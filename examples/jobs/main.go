// Command jobs shows background work on tenants: jobs in a real queue, goqite, which is a table
// of the global database, so that a job is given in one transaction with what it is for; and
// one worker for each tenant that does them.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"os"
	"os/signal"
	"time"

	"github.com/silokit/silo/examples/jobs/gen/global"
	"github.com/silokit/silo/examples/jobs/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/worker"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	folder, err := os.MkdirTemp("", "silo-jobs")
	if err != nil {
		log.Fatal(err)
	}
	err = errors.Join(run(ctx, folder, os.Stdout), os.RemoveAll(folder))
	if err != nil {
		stop()
		log.Fatal(err)
	}
}

// service is all that is open.
type service struct {
	dir    *tenantdb.Dir
	store  *tenant.Store
	global *global.DB
}

func open(ctx context.Context, folder string) (*service, error) {
	dir, err := tenantdb.Open(ctx, tenantdb.Options{Path: folder})
	if err != nil {
		return nil, err
	}
	store, err1 := tenant.Open(ctx, dir)
	g, err2 := global.Open(ctx, dir)
	if err := errors.Join(err1, err2); err != nil {
		return nil, errors.Join(err, dir.Close())
	}
	return &service{dir, store, g}, nil
}

// run has two tenants order reports, and does the jobs until none is left.
func run(ctx context.Context, folder string, out io.Writer) (err error) {
	s, err := open(ctx, folder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.dir.Close()) }()
	var tenants []context.Context
	for _, name := range []string{"acme", "globex"} {
		id, err := tenantdb.ParseID(name)
		if err != nil {
			return err
		}
		if err := s.store.Create(ctx, id); err != nil {
			return err
		}
		ctx, err := tenantdb.WithTenant(ctx, id) // in a service, the edge has done this
		if err != nil {
			return err
		}
		tenants = append(tenants, ctx)
		for _, month := range []string{"2026-01", "2026-02", "2026-03"} {
			if err := order(ctx, s.global, month); err != nil {
				return err
			}
		}
	}
	if err := s.work(ctx); err != nil {
		return err
	}
	for _, ctx := range tenants {
		db, err := s.store.Resolve(ctx)
		if err != nil {
			return err
		}
		reports, err := tenant.New(db).ListReports(ctx, 100)
		if err != nil {
			return err
		}
		id, _ := tenantdb.TenantFrom(ctx)
		for _, r := range reports {
			fmt.Fprintf(out, "%s: report of %s, written %d time(s)\n", id, r.Month, r.Written)
		}
	}
	return nil
}

// work does jobs until there is none left.
func (s *service) work(ctx context.Context) (err error) {
	queue, db, err := openQueue(s.dir, hideFor)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	pool, err := worker.New(ctx, s.store, worker.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	c := &consumer{queue: queue, pool: pool, write: writeReport, log: slog.Default(), jobTime: jobTime, hideFor: hideFor}
	ended := make(chan error, 1)
	go func() { ended <- c.run(ctx) }()
	look := time.NewTicker(pollEvery)
	defer look.Stop()
	for {
		select {
		case err := <-ended:
			return err
		case <-look.C:
		}
		left, err := global.New(s.global).CountJobs(ctx, queueName)
		if err != nil || left == 0 {
			stop()
			return errors.Join(err, <-ended)
		}
	}
}
