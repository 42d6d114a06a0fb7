package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"log/slog"
	"net/url"
	"path/filepath"
	"sync"
	"time"

	"maragu.dev/goqite"
	_ "modernc.org/sqlite" // the driver that Silo stands on, too

	"github.com/silokit/silo/examples/jobs/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/worker"
)

const (
	atOnce    = 64                     // jobs that are taken from the queue: more than tenants at once, so that one with many does not keep others waiting
	jobTime   = time.Minute            // what a job may take, once it is its turn
	hideFor   = 2 * time.Minute        // how long nobody else is given it if the process dies; else for as long as it waits or runs
	pollEvery = 100 * time.Millisecond // how often an empty queue is looked at
	attempts  = 10                     // how often a job is tried
)

// openQueue opens the queue in the global database, with a connection of its own. It has to
// be by modernc.org/sqlite: of two SQLites in one process, the one that closes the file
// would drop the other's locks on it.
func openQueue(dir *tenantdb.Dir, hidden time.Duration) (*goqite.Queue, *sql.DB, error) {
	name := url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Join(dir.Path(), "global.db")), RawQuery: "mode=rw&_pragma=busy_timeout(5000)&_txlock=immediate"}
	db, err := sql.Open("sqlite", name.String())
	if err != nil {
		return nil, nil, err
	}
	db.SetMaxOpenConns(1)
	return goqite.New(goqite.NewOpts{DB: db, Name: queueName, Timeout: hidden, MaxReceive: attempts}), db, nil
}

// consumer does the jobs of the queue.
type consumer struct {
	queue *goqite.Queue
	pool  *worker.Pool[tenant.Schema]
	write func(ctx context.Context, q *tenant.Queries, month string) error // what a job is
	log   *slog.Logger

	jobTime, hideFor time.Duration
}

// writeReport is what a job is. It may run again, if the process dies before the queue knows that
// it was done.
func writeReport(ctx context.Context, q *tenant.Queries, month string) error {
	return q.WriteReport(ctx, month)
}

// run does jobs until ctx ends, and returns when those that were begun are done.
func (c *consumer) run(ctx context.Context) error {
	var running sync.WaitGroup
	defer running.Wait()
	room := make(chan struct{}, atOnce)
	for {
		select {
		case room <- struct{}{}:
		case <-ctx.Done():
			return nil
		}
		message, err := c.queue.ReceiveAndWait(ctx, pollEvery)
		switch {
		case ctx.Err() != nil:
			return nil // a message that was received is received again when its time is over
		case err != nil:
			return err
		}
		running.Go(func() {
			c.handle(ctx, message)
			<-room
		})
	}
}

// handle does one job, and takes it from the queue unless it is to be tried again.
func (c *consumer) handle(ctx context.Context, message *goqite.Message) {
	release := c.keep(ctx, message.ID)
	err := c.do(ctx, message.Body)
	release()
	log := c.log.With("job", message.ID)
	var malformed *malformedError
	switch {
	case err == nil:
	case errors.As(err, &malformed), errors.Is(err, tenantdb.ErrUnknownTenant):
		log.ErrorContext(ctx, "a job is given up", "error", err) // another attempt would end alike
	default:
		log.WarnContext(ctx, "a job is tried again", "error", err)
		return
	}
	if err := c.queue.Delete(context.WithoutCancel(ctx), message.ID); err != nil {
		log.WarnContext(ctx, "a job that is done is done again", "error", err)
	}
}

// keep has nobody else given the message until release is called, so that a job which waits for
// its turn runs once, and uses up none of its attempts.
func (c *consumer) keep(ctx context.Context, id goqite.ID) (release func()) {
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	running.Go(func() {
		tick := time.NewTicker(c.hideFor / 2)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			if err := c.queue.Extend(ctx, id, c.hideFor); err != nil && ctx.Err() == nil {
				c.log.WarnContext(ctx, "a job may be given to somebody else, too", "job", id, "error", err)
			}
		}
	})
	return func() {
		cancel()
		running.Wait()
	}
}

func (c *consumer) do(ctx context.Context, body []byte) error {
	var j job
	if err := json.Unmarshal(body, &j); err != nil {
		return &malformedError{err}
	}
	ctx, err := tenantdb.WithTenant(ctx, j.Tenant)
	if err != nil {
		return &malformedError{err}
	}
	return c.pool.Do(ctx, func(ctx context.Context, db *tenant.DB) error {
		// The time is the job's alone: one that has waited for its turn has not failed.
		ctx, cancel := context.WithTimeout(ctx, c.jobTime)
		defer cancel()
		return c.write(ctx, tenant.New(db), j.Month)
	})
}

// malformedError is of a payload that is no job.
type malformedError struct{ error }

func (e *malformedError) Unwrap() error { return e.error }
