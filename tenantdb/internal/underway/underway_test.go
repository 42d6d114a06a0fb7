package underway_test

import (
	"context"
	"testing"

	"github.com/silokit/silo/tenantdb/internal/underway"
)

type (
	lockKey   struct{}
	traceKey  struct{}
	tenantKey struct{}
)

func TestMarksEndTogetherAndOtherValuesStay(t *testing.T) {
	ctx := context.WithValue(t.Context(), traceKey{}, "trace")
	ctx = underway.With(ctx, lockKey{}, "a")
	ctx = underway.With(ctx, tenantKey{}, "acme")
	inner := underway.With(ctx, lockKey{}, "b")
	for name, tt := range map[string]struct {
		ctx          context.Context
		lock, tenant any
	}{
		"none":            {t.Context(), nil, nil},
		"two":             {ctx, "a", "acme"},
		"the inner one":   {inner, "b", "acme"},
		"left":            {underway.Without(inner), nil, nil},
		"left and again":  {underway.With(underway.Without(inner), lockKey{}, "c"), "c", nil},
		"left from none":  {underway.Without(t.Context()), nil, nil},
		"without the end": {context.WithoutCancel(inner), "b", "acme"},
	} {
		if lock, tenant := underway.Value(tt.ctx, lockKey{}), underway.Value(tt.ctx, tenantKey{}); lock != tt.lock || tenant != tt.tenant {
			t.Errorf("%s: %v and %v, want %v and %v", name, lock, tenant, tt.lock, tt.tenant)
		}
	}
	if underway.Without(inner).Value(traceKey{}) != "trace" {
		t.Error("the trace is gone")
	}
	if underway.Without(t.Context()) != t.Context() {
		t.Error("a context is made of one that says nothing")
	}
}
