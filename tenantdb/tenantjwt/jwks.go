package tenantjwt

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/silokit/silo/tenantdb/tenanthttp"
)

// JWKSOptions configure a [JWKS]. The zero value of each field means its default.
type JWKSOptions struct {
	// Refresh is how often the document is read while tokens come. A key that is taken
	// out of it is refused no later after that than one and a half times Refresh and the time that two
	// readings take: one may have begun before. Tokens wait for a reading after a pause alone, and then no
	// longer than Refresh. Defaults to 500 ms, which keeps the promise of one second as long as a
	// reading takes less than 125 ms; if the
	// document has an ETag, most readings are a few bytes. An issuer that minds wants more.
	Refresh time.Duration

	// Grace is how long the keys last read count when they should have been read again, which
	// is one and a half times Refresh after that reading began, and they were not: the document cannot
	// be read, or takes long. After that tokens are refused as unavailable. So a key that is taken out of
	// it is refused after one and a half times Refresh and Grace, whatever the issuer does:
	// who would rather refuse all tokens for a while than accept one of a withdrawn key
	// has a short one, which is longer than a reading takes. Defaults to 10 minutes.
	Grace time.Duration

	// Client reads the document. Without a Timeout its limit is 5 seconds. Redirects that
	// leave HTTPS are not followed in any case. Defaults to a zero one.
	Client *http.Client

	// Logger is told of readings that fail and of keys that come and go. Defaults to none.
	Logger *slog.Logger
}

const (
	defaultRefresh = 500 * time.Millisecond
	defaultGrace   = 10 * time.Minute
	fetchTimeout   = 5 * time.Second
	// spacing is the least time between two readings, whatever tokens are sent. While tokens of
	// unknown keys have it read and nothing is new, it doubles up to maxSpacing, or Refresh.
	spacing    = 100 * time.Millisecond
	maxSpacing = defaultRefresh
)

// JWKS are the keys of a document that an issuer publishes, and changes. One goroutine reads it
// again while tokens come, and waits while none do. [NewJWKS] makes it; [JWKS.Close] ends it.
// It is safe for concurrent use.
//
// Tokens of a key that is not known yet, or that no known one of its name has signed, wait until the
// document has been read once more, so that a key counts from the moment at which it is published.
type JWKS struct {
	options JWKSOptions
	source  *source
	state   atomic.Pointer[reading]
	under   atomic.Pointer[time.Time] // when the reading began that is under way
	used    atomic.Bool               // since the last tick
	kick    chan struct{}             // somebody waits for the next reading

	mu   sync.Mutex    // guards next; nothing is waited for under it
	next chan struct{} // closed when a reading that has not begun yet has ended

	end   context.CancelFunc
	ended chan struct{} // closed when the goroutine has
}

// NewJWKS reads the document at the URL, which is of HTTPS unless it is this machine's own, and
// starts the goroutine that keeps it up to date. ctx bounds the first reading alone, which must
// succeed: a service that is to start while its issuer is down tries again. An address or
// options that are not acceptable are [ErrOptions].
func NewJWKS(ctx context.Context, url string, options JWKSOptions) (*JWKS, error) {
	switch {
	case options.Refresh < 0 || options.Grace < 0:
		return nil, fmt.Errorf("tenantjwt: %w: JWKSOptions with a negative duration", ErrOptions)
	case options.Refresh == 0:
		options.Refresh = defaultRefresh
	}
	if options.Grace == 0 {
		options.Grace = defaultGrace
	}
	if options.Logger == nil {
		options.Logger = slog.New(slog.DiscardHandler)
	}
	from, err := newSource(url, options.Client)
	if err != nil {
		return nil, err
	}
	j := &JWKS{options: options, source: from, kick: make(chan struct{}, 1), next: make(chan struct{}), ended: make(chan struct{})}
	j.state.Store(&reading{})
	if err := j.read(ctx); err != nil {
		return nil, fmt.Errorf("tenantjwt: the keys could not be read: %w", err)
	}
	if now := j.state.Load(); len(now.keys) == 0 && now.leaked > 0 {
		return nil, fmt.Errorf("tenantjwt: %w: %s has secrets or private keys alone, with which whoever reads it can sign tokens; have the issuer publish its public keys, and give a secret that you share with it to StaticKeys", ErrOptions, from.url)
	}
	running, end := context.WithCancel(context.Background())
	j.end = end
	go j.run(running)
	return j, nil
}

// Close ends the goroutine and waits for it. The keys are as they were last read, and count
// until their Grace is over. It may be called twice. The error is nil.
func (j *JWKS) Close() error {
	if j == nil || j.end == nil {
		return nil
	}
	j.end()
	<-j.ended
	return nil
}

// Refresh has the document read now, as when a key was withdrawn and nobody is to wait, and
// returns when that is done, or when ctx ends. That it was not read, because it cannot be, ctx
// has ended or Close was called, is [tenanthttp.ErrUnavailable]; then the keys are as they were.
func (j *JWKS) Refresh(ctx context.Context) error {
	if j == nil || j.end == nil {
		return fmt.Errorf("%w: the JWKS is nil or zero; get one from NewJWKS", tenanthttp.ErrUnavailable)
	}
	before := j.state.Load()
	if err := j.wait(ctx); err != nil {
		return err
	}
	switch now := j.state.Load(); {
	case now == before:
		return fmt.Errorf("%w: the keys are not read any more, for they were closed", tenanthttp.ErrUnavailable)
	case now.err != nil:
		return fmt.Errorf("%w: %w", tenanthttp.ErrUnavailable, now.err)
	}
	return nil
}

// run reads the document each tick while it is used, and when somebody waits for it.
func (j *JWKS) run(ctx context.Context) {
	defer close(j.ended)
	tick := time.NewTicker(j.options.Refresh)
	defer tick.Stop()
	most := max(spacing, min(j.options.Refresh, maxSpacing))
	apart, waited := spacing, time.Time{} // how far readings are, and when somebody last waited for one
	for {
		kicked := false
		select {
		case <-ctx.Done():
			return
		case <-j.kick:
			kicked = true
		case <-tick.C:
			select {
			case <-j.kick: // the reading is for them, too
				kicked = true
			default:
				if !j.used.Swap(false) {
					continue
				}
			}
		}
		if kicked {
			if time.Since(waited) > 2*maxSpacing {
				apart = spacing
			}
			waited = time.Now()
		}
		before := j.state.Load()
		if !pause(ctx, apart-time.Since(before.ended)) {
			return
		}
		j.mu.Lock()
		done := j.next
		j.next = make(chan struct{})
		j.mu.Unlock()
		if err := j.read(ctx); err != nil && ctx.Err() == nil {
			last := j.state.Load().read
			j.options.Logger.Warn("tenantjwt: the keys could not be read again; the last ones count for the grace",
				slog.String("url", j.source.url), slog.Time("last", last), slog.Time("until", last.Add(j.due()+j.options.Grace)), slog.Any("error", err))
		}
		if apart = min(2*apart, most); !slices.Equal(before.keys, j.state.Load().keys) {
			apart = spacing
		}
		close(done)
	}
}

// pause waits, and reports whether ctx has not ended.
func pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// read reads the document once. One goroutine at a time does.
func (j *JWKS) read(ctx context.Context) error {
	begun, before := time.Now(), j.state.Load()
	j.under.Store(&begun)
	defer j.under.Store(nil) // after the state is there
	document, changed, err := j.source.fetch(ctx)
	now := &reading{keys: before.keys, leaked: before.leaked, ended: time.Now(), err: err, read: before.read}
	if err == nil {
		now.read = begun
		if changed {
			now.keys, now.leaked = merge(before.keys, document.keys), document.leaked
		}
	}
	j.state.Store(now)
	j.tell(before, now) // once it is so: who reads the line can rely on it
	return err
}

// wait waits for a reading that has not begun yet. After Close there is none.
func (j *JWKS) wait(ctx context.Context) error {
	j.mu.Lock()
	done := j.next
	j.mu.Unlock()
	select {
	case j.kick <- struct{}{}:
	default: // somebody has
	}
	select {
	case <-done:
		return nil
	case <-j.ended:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("%w: %w", tenanthttp.ErrUnavailable, context.Cause(ctx))
	}
}
