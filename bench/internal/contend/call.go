package contend

import (
	"context"
	"fmt"

	"github.com/silokit/silo/bench/internal/data"
)

// Call does an operation once, with row i.
func Call(t Tenant, kind Kind, i int) error {
	switch kind {
	case Point:
		return t.Point(i)
	case Text:
		return t.Text(i)
	case List10:
		return t.List(10)
	case List100:
		return t.List(100)
	case ListVarying:
		return t.List(data.LimitAt(i))
	case Insert:
		return t.Insert(i)
	case Update:
		return t.Update(i)
	case Upsert:
		return t.Upsert(i)
	case Bulk5:
		return t.Bulk(i, 5)
	case Bulk100:
		return t.Bulk(i, 100)
	default:
		return fmt.Errorf("contend: no operation %d", kind)
	}
}

// seed gives a new tenant its rows: all variants of those that are read by key, and rows
// of those that are listed.
func seed(t Tenant, rows int) error {
	for i := range data.Variants {
		if err := t.Add(i); err != nil {
			return err
		}
		if err := t.Upsert(i); err != nil {
			return err
		}
	}
	const most = 1000
	for i := 0; i < rows; i += most {
		if err := t.Bulk(i, min(most, rows-i)); err != nil {
			return err
		}
	}
	return nil
}

// countEach counts the rows of n tenants one by one.
func countEach(ctx context.Context, tenants Tenants, n int) (sum int64, err error) {
	for i := range n {
		t, err := tenants.Tenant(ctx, i)
		if err != nil {
			return 0, err
		}
		count, err := t.Count()
		if err != nil {
			return 0, err
		}
		sum += count
	}
	return sum, nil
}
