package catalog

import "context"

type actorKey struct{}

// WithActor returns a context that carries who acts: a user, a service, a job. What is done
// with it is recorded as theirs.
func WithActor(ctx context.Context, actor string) context.Context {
	return context.WithValue(ctx, actorKey{}, actor)
}

// ActorFrom returns who acts, or "" if the context does not say.
func ActorFrom(ctx context.Context) string {
	actor, _ := ctx.Value(actorKey{}).(string)
	return actor
}
