package fleet

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// The kinds of runs, in the catalog's records.
const (
	KindUp   = "migrate"
	KindDown = "migrate down"
	KindRedo = "migrate redo"
	KindUndo = "migrate undo"
)

// wanted are the options of a run as they are recorded, for people and for who resumes it.
type wanted struct {
	Match    []string          `json:"match,omitempty"`
	Except   []string          `json:"except,omitempty"`
	Labels   map[string]string `json:"labels,omitempty"`
	Tenants  int               `json:"tenants"` // how many are meant
	Canaries int               `json:"canaries,omitempty"`
	Of       int64             `json:"of,omitempty"` // the run that an undo takes back
}

// plan is what a run is about: the tenants that are left to be done, and what is known of them.
type plan struct {
	run   catalog.Run
	left  []tenantdb.ID
	begun map[tenantdb.ID]int64 // those that a process which died had begun: the version of before
	done  int                   // of the run's tenants, before now
}

// begin records a new run.
func (r *runner[S]) begin(ctx context.Context) (p plan, err error) {
	if p.left, err = r.o.Select.tenants(ctx, r.store, r.cat); err != nil {
		return p, err
	}
	if r.among != nil {
		p.left = slices.DeleteFunc(p.left, func(id tenantdb.ID) bool { return !r.among(id) })
	}
	w := wanted{Match: r.o.Select.Match, Except: r.o.Select.Except, Labels: r.o.Select.Labels, Tenants: len(p.left), Canaries: r.o.Canaries, Of: r.of}
	text, err := json.Marshal(w)
	if err != nil {
		return p, err
	}
	if r.o.On == tenantdb.OnCopy {
		return p, nil // nothing is changed, so nothing is recorded
	}
	p.run, err = r.cat.BeginRun(ctx, catalog.Run{Kind: r.kind, Target: r.target, Wanted: text}, p.left)
	return p, err
}

// resume finds the run that is to go on, and those of its tenants that are left.
func (r *runner[S]) resume(ctx context.Context) (p plan, err error) {
	if r.o.Resume == ResumeLast {
		p.run, err = r.cat.LastRun(ctx, r.kind)
	} else {
		p.run, err = r.cat.GetRun(ctx, int64(r.o.Resume))
	}
	switch {
	case errors.Is(err, catalog.ErrNoRun):
		return p, fmt.Errorf("%w: %w", ErrNothingToResume, catalog.ErrNoRun) // explain says what was being done, and not the catalog
	case err != nil:
		return p, err
	}
	if err := r.same(p.run); err != nil {
		return p, err
	}
	p.begun = map[tenantdb.ID]int64{}
	for result, err := range r.cat.RunResults(ctx, p.run.ID) {
		if err != nil {
			return p, err
		}
		switch result.Result {
		case catalog.ResultBegun:
			p.begun[result.Tenant] = result.From
			p.left = append(p.left, result.Tenant)
		case catalog.ResultPlanned, catalog.ResultFailed:
			p.left = append(p.left, result.Tenant)
		case catalog.ResultDone, catalog.ResultCurrent, catalog.ResultSkipped:
			p.done++
		}
	}
	switch {
	case p.done+len(p.left) == 0 && p.run.Outcome != catalog.RunDone:
		return p, fmt.Errorf("%w: what became of the tenants of run %d is not kept any more", ErrNothingToResume, p.run.ID)
	case len(p.left) == 0 && p.run.Outcome == catalog.RunDone:
		return p, fmt.Errorf("%w: run %d is done", ErrNothingToResume, p.run.ID)
	}
	if r.o.On == tenantdb.OnCopy {
		return p, nil // as of begin
	}
	return p, r.cat.ResumeRun(ctx, p.run.ID)
}

// same fails if the run was of something else than what is to be done now.
func (r *runner[S]) same(run catalog.Run) error {
	var w wanted
	if err := json.Unmarshal(run.Wanted, &w); err != nil {
		return err
	}
	switch {
	case run.Kind != r.kind:
		return fmt.Errorf("%w: run %d is of the kind %q", ErrOtherRun, run.ID, run.Kind)
	case run.Target != r.target:
		return fmt.Errorf("%w: run %d leads to version %d, and now it is %d", ErrOtherRun, run.ID, run.Target, r.target)
	case w.Of != r.of:
		return fmt.Errorf("%w: run %d takes back run %d", ErrOtherRun, run.ID, w.Of)
	}
	return nil
}
