package tenantcli

import (
	"fmt"
	"strings"

	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/fleet"
)

// migrated is what became of a tenant, as it is printed.
type migrated struct {
	Tenant     string   `json:"tenant"`
	Run        int64    `json:"run"` // 0 in a dry run
	DryRun     bool     `json:"dry_run"`
	Result     string   `json:"result"`
	From       int64    `json:"from_version"`
	To         int64    `json:"to_version"`
	Migrations []string `json:"migrations"`
	Took       int64    `json:"took_ms"`
	Error      string   `json:"error,omitempty"`
	Next       string   `json:"next,omitempty"`
}

func migratedOf(r fleet.Result, w *writing) migrated {
	names := r.Names
	if names == nil {
		names = []string{}
	}
	return migrated{
		Tenant: r.Tenant.String(), Run: r.Run, DryRun: w.dryRun, Result: string(r.Result), From: r.From, To: r.To,
		Migrations: names, Took: r.Took.Milliseconds(), Error: r.Error, Next: r.Next,
	}
}

func (r migrated) text(t *terminal) string {
	colour := green
	if r.Error != "" {
		colour = red
	}
	to := fmt.Sprint(r.To)
	if r.Result == string(catalog.ResultBegun) {
		to = "?"
	}
	text := fmt.Sprintf("%s  %s  %d -> %s", t.paint(colour, pad(r.Result, 7)), pad(r.Tenant, 24), r.From, to)
	if r.DryRun {
		text = "would be " + text
	}
	if len(r.Migrations) > 0 {
		text += "  " + strings.Join(r.Migrations, " ")
	}
	return text
}

// standing is how a tenant stands to the migrations, as it is printed.
type standing struct {
	Tenant  string  `json:"tenant"`
	State   string  `json:"state"`
	Version int64   `json:"version"`
	Pending int     `json:"pending"`
	SeenAt  *string `json:"seen_at"`
	Run     int64   `json:"run"` // the last one that was about it; 0: none is known
	Result  string  `json:"result"`
	Error   string  `json:"error,omitempty"`
	Next    string  `json:"next,omitempty"`
}

func standingOf(s fleet.TenantStatus) standing {
	r := standing{
		Tenant: s.Tenant.String(), State: string(s.State), Version: s.Version, Pending: s.Pending, SeenAt: stamp(s.SeenAt),
		Run: s.Last.Run, Result: string(s.Last.Result), Error: s.Last.Error, Next: s.Last.Next,
	}
	if s.Err != nil {
		r.Error, r.Next = s.Err.Error(), ""
	}
	return r
}

func (r standing) text(t *terminal) string {
	colour := yellow
	switch fleet.Standing(r.State) {
	case fleet.Current:
		colour = green
	case fleet.Broken, fleet.Ahead:
		colour = red
	case fleet.Behind, fleet.Unknown:
	}
	text := pad(r.Tenant, 24) + "  " + t.paint(colour, r.State)
	if r.SeenAt != nil {
		text += strings.Repeat(" ", max(0, 8-len(r.State))) + fmt.Sprintf("  version %d, %d pending", r.Version, r.Pending)
	}
	if r.Error != "" {
		text += "\n  " + clean(r.Error)
	}
	if r.Next != "" {
		text += "\n  next: " + clean(r.Next)
	}
	return text
}

// interrupted is the outcome of a run whose process died.
const interrupted = "interrupted"

// run is a run of migrations, as it is printed.
type run struct {
	ID      int64          `json:"run"`
	Kind    string         `json:"kind"`
	Actor   string         `json:"actor"`
	Target  int64          `json:"target"`
	Outcome string         `json:"outcome"`
	BeganAt *string        `json:"began_at"`
	EndedAt *string        `json:"ended_at"`
	Counts  map[string]int `json:"counts"`
}

func runOf(r catalog.Run) run {
	counts := map[string]int{}
	for result, n := range r.Counts {
		counts[string(result)] = n
	}
	return run{ID: r.ID, Kind: r.Kind, Actor: r.Actor, Target: r.Target, Outcome: string(r.Outcome), BeganAt: stamp(r.BeganAt), EndedAt: stamp(r.EndedAt), Counts: counts}
}

func (r run) text(t *terminal) string {
	began := "-"
	if r.BeganAt != nil {
		began = *r.BeganAt
	}
	counts := map[catalog.Result]int{}
	for result, n := range r.Counts {
		counts[catalog.Result(result)] = n
	}
	colour := yellow
	if r.Outcome == string(catalog.RunDone) {
		colour = green
	}
	return fmt.Sprintf("%4d  %s  %s  %s  %s  %s", r.ID, began, pad(r.Kind, 12), t.paint(colour, pad(r.Outcome, 11)), pad(clean(r.Actor), 16), countsText(counts))
}

// results are what may become of a tenant, in the order in which it is counted.
var results = []catalog.Result{catalog.ResultDone, catalog.ResultCurrent, catalog.ResultFailed, catalog.ResultSkipped, catalog.ResultBegun, catalog.ResultPlanned}

func countsText(counts map[catalog.Result]int) string {
	var parts []string
	for _, result := range results {
		if counts[result] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", counts[result], result))
		}
	}
	if len(parts) == 0 {
		return "nobody"
	}
	return strings.Join(parts, ", ")
}
