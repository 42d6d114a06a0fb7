package catalog

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"iter"
	"math"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog/internal/catalogdb"
)

// Run is work that went over many tenants: a migration of all. Package fleet makes them.
type Run struct {
	ID      int64  // rising; given by the catalog
	Kind    string // what is done to each tenant
	Actor   string // who began it: what the context carried
	Target  int64  // the version of the schema that it leads to
	Wanted  json.RawMessage
	Outcome Outcome
	BeganAt time.Time
	EndedAt time.Time // zero while it runs, and of one whose process died
	Counts  map[Result]int
}

// Outcome is how a run ended.
type Outcome string

// The outcomes.
const (
	RunRunning Outcome = "running" // or its process died
	RunDone    Outcome = "done"    // all tenants are where they were to be
	RunFailed  Outcome = "failed"  // all were tried, and some failed
	RunStopped Outcome = "stopped" // it ended before all were tried
	RunPaused  Outcome = "paused"  // it ended after the canaries, as was wanted
)

// Result is what a run did to one tenant.
type Result string

// The results.
const (
	ResultPlanned Result = "planned" // nothing yet
	ResultBegun   Result = "begun"   // it is being changed, or the process died meanwhile: before or after the change
	ResultDone    Result = "done"    // it was changed
	ResultCurrent Result = "current" // there was nothing to change
	ResultFailed  Result = "failed"  // it is as it was; of one that was begun before, and is not known to be, it stays begun, with the error
	ResultSkipped Result = "skipped" // it was deleted in the meantime, or nobody may work on it any more; of one that was begun before, From is kept
)

// RunResult is what became of one tenant in a run.
type RunResult struct {
	Run      int64
	Tenant   tenantdb.ID
	Result   Result
	From, To int64         // the version of its schema before and after
	Took     time.Duration // to the millisecond
	Error    string        // why it failed
	Next     string        // what to do about that
	At       time.Time     // of the last change of this; zero while it is planned
}

// keepRuns is of how many runs it is kept what became of each tenant.
const keepRuns = 20

// BeginRun records a run that is about to begin and the tenants that it is about, in one
// commit, and returns it with its ID and time. Of Run it reads Kind, Target and Wanted, which
// defaults to {}. What became of each tenant is kept of the last 20 runs.
func (o *operations) BeginRun(ctx context.Context, r Run, tenants []tenantdb.ID) (begun Run, err error) {
	err = checkMetadata(&r.Wanted)
	names := make([]string, len(tenants))
	for i, id := range tenants {
		names[i] = id.String()
	}
	list, listErr := json.Marshal(names)
	if err = errors.Join(err, listErr); err == nil {
		err = o.write(ctx, func(ctx context.Context, q *catalogdb.Queries) error {
			row, err := q.InsertRun(ctx, catalogdb.InsertRunParams{Kind: r.Kind, Actor: bounded(ActorFrom(ctx)), Target: r.Target, Wanted: string(r.Wanted)})
			if err != nil {
				return err
			}
			begun = runOf(&row)
			if err := q.PlanRun(ctx, catalogdb.PlanRunParams{RunID: row.ID, Tenants: string(list)}); err != nil {
				return err
			}
			return q.ForgetRunResults(ctx, row.ID-keepRuns)
		})
	}
	return begun, failed("begin a run", tenantdb.ID{}, err)
}

// ResumeRun records that a run goes on.
func (o *operations) ResumeRun(ctx context.Context, run int64) error {
	err := o.write(ctx, func(ctx context.Context, q *catalogdb.Queries) error { return changedRun(q.ResumeRun(ctx, run)) })
	return failed("resume a run", tenantdb.ID{}, err)
}

// EndRun records how a run has ended.
func (o *operations) EndRun(ctx context.Context, run int64, outcome Outcome) error {
	err := o.write(ctx, func(ctx context.Context, q *catalogdb.Queries) error {
		return changedRun(q.EndRun(ctx, catalogdb.EndRunParams{ID: run, Outcome: string(outcome)}))
	})
	return failed("end a run", tenantdb.ID{}, err)
}

// LastRun returns the last run of a kind. If there is none the error is [ErrNoRun].
func (o *operations) LastRun(ctx context.Context, kind string) (Run, error) {
	return o.run(ctx, func(ctx context.Context, q *catalogdb.Reader) (catalogdb.SiloRun, error) { return q.LastRun(ctx, kind) })
}

// GetRun returns a run with its counts. If there is none of the ID the error is [ErrNoRun].
func (o *operations) GetRun(ctx context.Context, id int64) (Run, error) {
	return o.run(ctx, func(ctx context.Context, q *catalogdb.Reader) (catalogdb.SiloRun, error) { return q.GetRun(ctx, id) })
}

func (o *operations) run(ctx context.Context, find func(context.Context, *catalogdb.Reader) (catalogdb.SiloRun, error)) (r Run, err error) {
	err = o.read(ctx, func(ctx context.Context, q *catalogdb.Reader) error {
		row, err := find(ctx, q)
		if errors.Is(err, sql.ErrNoRows) {
			return ErrNoRun
		}
		if err == nil {
			r, err = counted(ctx, q, &row)
		}
		return err
	})
	return r, failed("get a run", tenantdb.ID{}, err)
}

// Runs yields the runs, newest first, with their counts. Of memory and errors see
// [Catalog.List].
func (o *operations) Runs(ctx context.Context) iter.Seq2[Run, error] {
	return pages(func(last Run) (page []Run, err error) {
		err = o.read(ctx, func(ctx context.Context, q *catalogdb.Reader) error {
			rows, err := q.ListRuns(ctx, catalogdb.ListRunsParams{Before: cmp.Or(last.ID, math.MaxInt64), MaxRows: pageSize})
			for i := 0; err == nil && i < len(rows); i++ {
				var r Run
				r, err = counted(ctx, q, &rows[i])
				page = append(page, r)
			}
			return err
		})
		return page, failed("list runs", tenantdb.ID{}, err)
	})
}

func counted(ctx context.Context, q *catalogdb.Reader, row *catalogdb.SiloRun) (Run, error) {
	r := runOf(row)
	counts, err := q.CountRunResults(ctx, row.ID)
	for _, c := range counts {
		r.Counts[Result(c.Result)] = int(c.Tenants)
	}
	return r, err
}

func runOf(row *catalogdb.SiloRun) Run {
	r := Run{ID: row.ID, Kind: row.Kind, Actor: row.Actor, Target: row.Target, Wanted: json.RawMessage(row.Wanted), Outcome: Outcome(row.Outcome), BeganAt: row.BeganAt, Counts: map[Result]int{}}
	if row.EndedAt != nil {
		r.EndedAt = *row.EndedAt
	}
	return r
}

func changedRun(n int64, err error) error {
	if err == nil && n == 0 {
		err = ErrNoRun
	}
	return err
}
