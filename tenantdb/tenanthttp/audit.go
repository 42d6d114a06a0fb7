package tenanthttp

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// OperationRefuse is the operation of a record of a request for another tenant than it has
// proved. Its tenant is the one that was proved.
const OperationRefuse = "refuse request"

// audited remembers what was recorded lately, so that the same requests over and over are not
// one write each. The zero value is ready for use.
type audited struct {
	mu     sync.Mutex // guards what follows; nothing is waited for under it
	recent map[refusal]time.Time
	of     map[string]int // how many of recent are of who has proved the tenant
}

// refusal is what makes two refused requests the same.
type refusal struct{ proved, by, named, namedBy, subject string }

// mostRefusals is how many different ones are recorded in AuditEvery, and mostOfOne how many of those
// who have proved one tenant. What goes beyond is in the log alone: who has one token can ask for any
// number of hosts, and is not to keep others out of the record so.
const (
	mostRefusals = 256
	mostOfOne    = 16
)

// due reports whether the refusal is to be recorded now.
func (a *audited) due(key refusal, now time.Time, every time.Duration) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if now.Before(a.recent[key]) {
		return false
	}
	if a.recent == nil {
		a.recent, a.of = map[refusal]time.Time{}, map[string]int{}
	}
	if _, known := a.recent[key]; !known {
		if a.full(key) {
			a.forget(now)
		}
		if a.full(key) {
			return false
		}
		a.of[key.proved]++
	}
	a.recent[key] = now.Add(every)
	return true
}

func (a *audited) full(key refusal) bool {
	return len(a.recent) >= mostRefusals || a.of[key.proved] >= mostOfOne
}

// forget forgets what may be recorded again.
func (a *audited) forget(now time.Time) {
	for key, until := range a.recent {
		if now.Before(until) {
			continue
		}
		delete(a.recent, key)
		if a.of[key.proved]--; a.of[key.proved] == 0 {
			delete(a.of, key.proved)
		}
	}
}

// recordWait is how long a record may take. It does not end with the request, whose sender
// could otherwise keep it from being made.
const recordWait = 5 * time.Second

// record keeps that a request was for another tenant than it has proved.
func (e *edge) record(r *http.Request, who Identity, err error) {
	if e.options.Audit == nil || !who.Verified {
		return // nobody has proved anything that could be recorded of them
	}
	key := refusal{proved: who.Tenant.String(), by: who.By, subject: who.Subject}
	var mismatch *MismatchError
	if errors.As(err, &mismatch) {
		other := mismatch.A // of three, who has proved a tenant may be neither
		if !other.differs(who) {
			other = mismatch.B
		}
		key.named, key.namedBy = shortened(other.label()), other.By
	}
	if !e.audited.due(key, time.Now(), e.options.AuditEvery) {
		return
	}
	detail, encodeErr := json.Marshal(map[string]string{
		"by": key.by, "subject": shortened(key.subject), "named": key.named, "named_by": key.namedBy, "remote": r.RemoteAddr,
	})
	if encodeErr != nil {
		detail = nil // texts can be encoded
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), recordWait)
	defer cancel()
	entry := catalog.Entry{Actor: who.Subject, Operation: OperationRefuse, Tenant: who.Tenant, Result: "forbidden", Detail: detail}
	if err := e.options.Audit.Record(ctx, entry); err != nil {
		e.options.Logger.Error("tenanthttp: a refused request could not be recorded", slog.Any("error", err))
	}
}

// log says how a request ended that was not in order.
func (e *edge) log(r *http.Request, p Problem, message string, err error, more ...slog.Attr) {
	level := levelOf(r.Context(), p, err)
	if !e.options.Logger.Enabled(r.Context(), level) {
		return
	}
	e.options.Logger.LogAttrs(r.Context(), level, message, append([]slog.Attr{
		slog.Int("status", p.Status), slog.String("method", r.Method), slog.String("host", shortened(r.Host)),
		slog.String("path", shortened(r.URL.Path)), slog.String("remote", r.RemoteAddr), slog.Any("error", err),
	}, more...)...)
}

// levelOf says how much it matters how a request ended.
func levelOf(ctx context.Context, p Problem, err error) slog.Level {
	switch {
	case errors.Is(err, ErrForbidden):
		return slog.LevelWarn
	case errors.Is(err, tenantdb.ErrTenantMismatch), errors.Is(err, tenantdb.ErrTenantRebound):
		return slog.LevelError // a handler has mixed up tenants, whatever clients are told
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		return slog.LevelDebug // the client has gone
	case p.Status >= 500:
		return slog.LevelError
	}
	return slog.LevelDebug
}
