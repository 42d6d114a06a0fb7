package catalog

import (
	"context"
	"database/sql"
	"errors"
	"iter"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog/internal/catalogdb"
)

// BeginRunResult records, before a run changes a tenant, of which version that is. The
// tenant must be one of those that the run was begun with.
func (o *operations) BeginRunResult(ctx context.Context, run int64, id tenantdb.ID, from int64) error {
	err := o.write(ctx, func(ctx context.Context, q *catalogdb.Queries) error {
		return changedRun(q.BeginRunResult(ctx, catalogdb.BeginRunResultParams{RunID: run, TenantID: id.String(), FromVersion: from}))
	})
	return failed("record a run", id, err)
}

// NoteRunResult records what became of a tenant in a run and, unless seen is zero, what its
// file was found to be, in one commit. At does not count.
func (o *operations) NoteRunResult(ctx context.Context, r RunResult, seen Seen) error {
	err := o.write(ctx, func(ctx context.Context, q *catalogdb.Queries) error {
		err := changedRun(q.SetRunResult(ctx, catalogdb.SetRunResultParams{
			RunID: r.Run, TenantID: r.Tenant.String(), Result: string(r.Result), FromVersion: r.From, ToVersion: r.To,
			TookMs: r.Took.Milliseconds(), Error: r.Error, Next: r.Next,
		}))
		if err == nil && seen != (Seen{}) {
			// A file need not be registered.
			_, err = q.SetSeen(ctx, catalogdb.SetSeenParams{ID: r.Tenant.String(), SchemaVersion: &seen.SchemaVersion, SizeBytes: &seen.SizeBytes})
		}
		return err
	})
	return failed("record a run", r.Tenant, err)
}

// RunResults yields what became of a run's tenants, in the order of their IDs. Of memory and
// errors see [Catalog.List].
func (o *operations) RunResults(ctx context.Context, run int64) iter.Seq2[RunResult, error] {
	return pages(func(last RunResult) (page []RunResult, err error) {
		err = o.read(ctx, func(ctx context.Context, q *catalogdb.Reader) error {
			rows, err := q.ListRunResults(ctx, catalogdb.ListRunResultsParams{RunID: run, After: last.Tenant.String(), MaxRows: pageSize})
			for i := 0; err == nil && i < len(rows); i++ {
				var r RunResult
				r, err = resultOf(&rows[i])
				page = append(page, r)
			}
			return err
		})
		return page, failed("list what became of tenants", tenantdb.ID{}, err)
	})
}

// LastRunResult returns what became of a tenant in the last run that was about it. If there
// was none the error is [ErrNoRun].
func (o *operations) LastRunResult(ctx context.Context, id tenantdb.ID) (r RunResult, err error) {
	err = o.read(ctx, func(ctx context.Context, q *catalogdb.Reader) error {
		row, err := q.GetLastRunResult(ctx, id.String())
		if errors.Is(err, sql.ErrNoRows) {
			return ErrNoRun
		}
		if err == nil {
			r, err = resultOf(&row)
		}
		return err
	})
	return r, failed("get what became of a tenant", id, err)
}

func resultOf(row *catalogdb.SiloRunResult) (RunResult, error) {
	id, err := tenantdb.ParseID(row.TenantID)
	r := RunResult{
		Run: row.RunID, Tenant: id, Result: Result(row.Result), From: row.FromVersion, To: row.ToVersion,
		Took: time.Duration(row.TookMs) * time.Millisecond, Error: row.Error, Next: row.Next,
	}
	if row.At != nil {
		r.At = *row.At
	}
	return r, err
}
