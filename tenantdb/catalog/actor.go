package catalog

import (
	"context"
	"unicode/utf8"
)

type actorKey struct{}

// WithActor returns a context that carries who acts: a user, a service, a job. What is done
// with it is recorded as theirs, in at most [MaxActor] bytes.
func WithActor(ctx context.Context, actor string) context.Context {
	return context.WithValue(ctx, actorKey{}, actor)
}

// MaxActor is the most bytes of an actor that are recorded: what somebody who calls a service
// has a hand in is not to fill the audit. Of a longer one the beginning is, cut between two
// characters, and "…" after it.
const MaxActor = 256

// bounded returns what is recorded of an actor.
func bounded(actor string) string {
	const more = "…"
	if len(actor) <= MaxActor {
		return actor
	}
	end := MaxActor - len(more)
	for end > 0 && !utf8.RuneStart(actor[end]) {
		end--
	}
	return actor[:end] + more
}

// ActorFrom returns who acts, or "" if the context does not say.
func ActorFrom(ctx context.Context) string {
	actor, _ := ctx.Value(actorKey{}).(string)
	return actor
}
