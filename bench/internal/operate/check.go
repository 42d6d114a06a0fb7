package operate

import (
	"context"
	"fmt"

	"github.com/silokit/silo/bench/internal/contend"
)

// check lets all entrants do every operation on a tenant, and compares what each returns
// with what the first returns.
func check(ctx context.Context, entrants []entrant) error {
	var want []string
	for _, e := range entrants {
		got, err := transcript(ctx, e.tenants)
		if err != nil {
			return fmt.Errorf("%s: %w", e.Name, err)
		}
		if want == nil {
			want = got
		}
		for i := range want {
			if got[i] != want[i] {
				return fmt.Errorf("%s returns something else than %s:\n%s\n--- instead of ---\n%s", e.Name, entrants[0].Name, got[i], want[i])
			}
		}
	}
	return nil
}

// transcript does every operation on tenant 0, and returns what they returned.
func transcript(ctx context.Context, tenants contend.Tenants) (lines []string, err error) {
	t, err := tenants.Tenant(ctx, 0)
	if err != nil {
		return nil, err
	}
	for pass := range 3 {
		for kind := range contend.Kinds {
			if err := contend.Call(t, kind, 7+pass); err != nil {
				return nil, fmt.Errorf("operation %d: %w", kind, err)
			}
			lines = append(lines, fmt.Sprintf("operation %d, pass %d:\n%s", kind, pass, t.Last()))
		}
	}
	return lines, nil
}

// checkCounts compares how many rows those who have all n tenants count over all of them.
func checkCounts(ctx context.Context, entrants []entrant, n int) error {
	var first *entrant
	var want int64
	for _, e := range entrants {
		if !e.Crowd {
			continue
		}
		got, err := e.tenants.CountAll(ctx, n)
		if err != nil {
			return fmt.Errorf("%s: %w", e.Name, err)
		}
		if first == nil {
			first, want = &e, got
		}
		if got != want {
			return fmt.Errorf("%s counts %d rows over all tenants, %s %d", e.Name, got, first.Name, want)
		}
	}
	return nil
}
