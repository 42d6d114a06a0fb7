// Package underway is what a context says of an operation that is under way: which locks it
// holds, whom it may reach. Work that the operation leaves behind has nothing of it
// any more; other values go along.
package underway

import "context"

type contextKey struct{}

// mark is one thing that a context says. All are behind one key, so that they end together.
type mark struct {
	key, value any
	outer      *mark
}

func of(ctx context.Context) *mark {
	m, _ := ctx.Value(contextKey{}).(*mark)
	return m
}

// With returns a context that has the value for the key, until [Without].
func With(ctx context.Context, key, value any) context.Context {
	return context.WithValue(ctx, contextKey{}, &mark{key, value, of(ctx)})
}

// Value returns what the context has for the key, or nil.
func Value(ctx context.Context, key any) any {
	for m := of(ctx); m != nil; m = m.outer {
		if m.key == key {
			return m.value
		}
	}
	return nil
}

// Without returns a context with which no operation is under way.
func Without(ctx context.Context) context.Context {
	if of(ctx) == nil {
		return ctx
	}
	return context.WithValue(ctx, contextKey{}, nil)
}
