package tenanthttp

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"
)

// lines bounds how many lines refused requests are in the log: of each kind one a second. The next
// one says how many were left out. The zero value is ready for use.
type lines struct {
	mu sync.Mutex // guards of
	of [kinds]struct {
		next time.Time // when one may be logged
		left int       // how many were not, since the last one was
	}
}

// kind is a kind of refusal that is logged. They are apart so that none keeps another out.
type kind int

const (
	ofAnybody kind = iota // who asks for what is not theirs, and has proved nothing
	ofProved              // who has proved another tenant
	ofService             // the service's own fault
	kinds

	unbounded kind = -1 // at level Debug, where all is wanted
)

func kindOf(ctx context.Context, p Problem, err error) kind {
	var mismatch *MismatchError
	switch level := levelOf(ctx, p, err); {
	case level < slog.LevelWarn:
		return unbounded
	case level > slog.LevelWarn:
		return ofService
	case errors.As(err, &mismatch) && (mismatch.A.Verified || mismatch.B.Verified):
		return ofProved
	}
	return ofAnybody
}

// due reports whether a line of the kind is to be logged now, and what it says besides.
func (l *lines) due(k kind, now time.Time) (unlogged []slog.Attr, due bool) {
	if k == unbounded {
		return nil, true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	of := &l.of[k]
	if now.Before(of.next) {
		of.left++
		return nil, false
	}
	if of.left > 0 {
		unlogged = []slog.Attr{slog.Int("unlogged", of.left)}
	}
	of.next, of.left = now.Add(time.Second), 0
	return unlogged, true
}
