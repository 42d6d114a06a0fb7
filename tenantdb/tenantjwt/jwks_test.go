package tenantjwt_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/silokit/silo/tenantdb/tenanthttp"
	"github.com/silokit/silo/tenantdb/tenantjwt"
)

func TestKeysAreRotatedUnderLoadAndNobodyIsRefusedWhoShouldPass(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		from := &issuer{}
		signers := []*signer{newSigner(t, "k0")}
		from.publish(signers...)
		_, resolver := follow(t, from, tenantjwt.JWKSOptions{})
		var current atomic.Pointer[signer]
		current.Store(signers[0])
		ctx, stop := context.WithCancel(t.Context())
		var load sync.WaitGroup
		var passed atomic.Int64
		for range 8 {
			load.Go(func() {
				for ctx.Err() == nil {
					if _, err := try(t, resolver, current.Load().token(t, "acme")); err != nil {
						t.Errorf("a token of a published key: %v", err)
					}
					passed.Add(1)
					time.Sleep(30 * time.Millisecond)
				}
			})
		}
		for range 5 {
			old := current.Load()
			next := newSigner(t, old.id+"+")
			token := old.token(t, "acme")
			from.publish(old, next)
			current.Store(next) // at once: the key counts from when it is published
			time.Sleep(2 * time.Second)
			if _, err := try(t, resolver, token); err != nil {
				t.Errorf("a token of the old key, which is still published: %v", err)
			}
			from.publish(next)
			withdrawn := time.Now()
			for {
				_, err := try(t, resolver, token)
				if errors.Is(err, tenanthttp.ErrUnauthenticated) {
					break
				}
				if time.Since(withdrawn) > time.Second {
					t.Fatalf("a token of a withdrawn key passes after %v: %v", time.Since(withdrawn), err)
				}
				time.Sleep(time.Millisecond)
			}
		}
		stop()
		load.Wait()
		if passed.Load() < 1000 {
			t.Errorf("%d tokens were tried", passed.Load())
		}
	})
}

func TestAKeyThatIsWithdrawnWhileNobodyAsksIsRefusedAfterASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		from, old, next := &issuer{}, newSigner(t, "old"), newSigner(t, "next")
		from.publish(old)
		_, resolver := follow(t, from, tenantjwt.JWKSOptions{})
		token := old.token(t, "acme")
		if _, err := try(t, resolver, token); err != nil { // it is remembered now
			t.Fatal(err)
		}
		time.Sleep(time.Hour / 2)
		if asked, _ := from.counts(); asked > 4 {
			t.Errorf("the document was read %d times while nobody asked", asked)
		}
		from.publish(next)
		time.Sleep(time.Second)
		if _, err := try(t, resolver, token); !errors.Is(err, tenanthttp.ErrUnauthenticated) {
			t.Errorf("a token of a withdrawn key: %v", err)
		}
		from.publish()
		time.Sleep(time.Second)
		if _, err := try(t, resolver, next.token(t, "acme")); !errors.Is(err, tenanthttp.ErrUnauthenticated) {
			t.Errorf("a token while the document has no keys: %v", err)
		}
	})
}

func TestRefreshTakesAKeyAwayAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		from, old, next := &issuer{}, newSigner(t, "old"), newSigner(t, "next")
		from.publish(old)
		keys, resolver := follow(t, from, tenantjwt.JWKSOptions{Refresh: time.Hour})
		token := old.token(t, "acme")
		if _, err := try(t, resolver, token); err != nil {
			t.Fatal(err)
		}
		from.publish(next)
		if err := keys.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := try(t, resolver, token); !errors.Is(err, tenanthttp.ErrUnauthenticated) {
			t.Errorf("a token of a withdrawn key: %v", err)
		}
		if who, err := try(t, resolver, next.token(t, "acme")); err != nil || who.Tenant.String() != "acme" {
			t.Errorf("%v, %v", who, err)
		}
	})
}

// listener is a logger that calls a function with each message.
type listener struct {
	slog.Handler
	said func(message string)
}

func (*listener) Enabled(context.Context, slog.Level) bool { return true }

func (l *listener) Handle(_ context.Context, r slog.Record) error {
	l.said(r.Message)
	return nil
}

func TestAKeyThatIsSaidToHaveComeCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		from, old, next := &issuer{}, newSigner(t, "old"), newSigner(t, "next")
		from.publish(old)
		log := &listener{slog.DiscardHandler, func(string) {}}
		keys, resolver := follow(t, from, tenantjwt.JWKSOptions{Refresh: time.Hour, Logger: slog.New(log)})
		from.publish(old, next)
		said := 0
		log.said = func(message string) {
			said++
			if _, err := try(t, resolver, next.token(t, "acme")); err != nil {
				t.Errorf("%s, and a token of it: %v", message, err)
			}
		}
		if err := keys.Refresh(t.Context()); err != nil || said != 1 {
			t.Errorf("%d keys are said to have come, %v", said, err)
		}
	})
}

func TestAKeyThatIsCalledDifferentlyIsAnotherKey(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		from, key := &issuer{}, newSigner(t, "old")
		renamed := &signer{"new", key.key}
		from.publish(key)
		keys, resolver := follow(t, from, tenantjwt.JWKSOptions{Refresh: time.Hour})
		token := key.token(t, "acme")
		if _, err := try(t, resolver, token); err != nil {
			t.Fatal(err)
		}
		from.publish(renamed)
		if err := keys.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := try(t, resolver, renamed.token(t, "acme")); err != nil {
			t.Errorf("a token of the new name: %v", err)
		}
		if _, err := try(t, resolver, token); !errors.Is(err, tenanthttp.ErrUnauthenticated) {
			t.Errorf("a token of the old name: %v", err)
		}
	})
}

func TestKeysCountForTheGraceWhileTheyCannotBeReadAndNoLonger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		from, key := &issuer{}, newSigner(t, "k")
		from.publish(key)
		var log bytes.Buffer
		keys, resolver := follow(t, from, tenantjwt.JWKSOptions{Grace: time.Minute, Logger: slog.New(slog.NewTextHandler(&log, nil))})
		began, token := time.Now(), key.token(t, "acme")
		down := errors.New("the network is down")
		from.set(func() { from.down = down })
		time.Sleep(59 * time.Second)
		if _, err := try(t, resolver, token); err != nil {
			t.Errorf("within the grace: %v", err)
		}
		if err := keys.Refresh(t.Context()); !errors.Is(err, tenanthttp.ErrUnavailable) {
			t.Errorf("a refresh: %v", err)
		}
		time.Sleep(2 * time.Second)
		for range 2 { // remembered or not
			if _, err := try(t, resolver, token); !errors.Is(err, tenanthttp.ErrUnavailable) {
				t.Errorf("after the grace: %v", err)
			} else if !strings.Contains(err.Error(), "since "+began.UTC().Format(time.RFC3339)+"\n") {
				t.Errorf("after the grace: %v; want since when, %v", err, began)
			}
		}
		synctest.Wait()
		if until := "until=" + began.Add(time.Minute).Format("2006-01-02T15:04:05"); !strings.Contains(log.String(), until) {
			t.Errorf("the log has not %s: %s", until, &log)
		}
		from.set(func() { from.down = nil })
		time.Sleep(time.Second)
		if _, err := try(t, resolver, token); err != nil {
			t.Errorf("when it can be read again: %v", err)
		}
	})
}

func TestKeysThatAreReadSeldomCountUntilTheyAreReadAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		from, key := &issuer{}, newSigner(t, "k")
		from.publish(key)
		_, resolver := follow(t, from, tenantjwt.JWKSOptions{Refresh: 4 * time.Hour, Grace: time.Hour})
		for range 11 {
			time.Sleep(time.Hour / 2)
			if _, err := try(t, resolver, key.token(t, "acme")); err != nil {
				t.Errorf("while the document can be read: %v", err)
			}
		}
		from.set(func() { from.down = errors.New("the network is down") })
		time.Sleep(5 * time.Hour) // the last reading was at the fourth hour, and was good until the tenth
		if _, err := try(t, resolver, key.token(t, "acme")); err != nil {
			t.Errorf("within the grace: %v", err)
		}
		time.Sleep(2 * time.Hour)
		if _, err := try(t, resolver, key.token(t, "acme")); !errors.Is(err, tenanthttp.ErrUnavailable) {
			t.Errorf("after the grace: %v", err)
		}
	})
}

func TestAnIssuerThatHangsHoldsNobodyUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		from, key, next := &issuer{}, newSigner(t, "k"), newSigner(t, "next")
		from.publish(key)
		_, resolver := follow(t, from, tenantjwt.JWKSOptions{})
		token := key.token(t, "acme")
		from.set(func() { from.slow = time.Minute }) // more than the client waits
		ctx, stop := context.WithCancel(t.Context())
		var load sync.WaitGroup
		for range 4 {
			load.Go(func() {
				for ctx.Err() == nil {
					before := time.Now()
					if _, err := try(t, resolver, token); err != nil {
						t.Errorf("a token of the last known key: %v", err)
					}
					if took := time.Since(before); took > 0 {
						t.Errorf("it took %v", took)
					}
					time.Sleep(50 * time.Millisecond)
				}
			})
		}
		time.Sleep(30 * time.Second)
		if _, err := try(t, resolver, next.token(t, "acme")); !errors.Is(err, tenanthttp.ErrUnavailable) {
			t.Errorf("a token of a key that may be new: %v", err)
		}
		stop()
		load.Wait()
		time.Sleep(2 * time.Minute) // a pause
		before := time.Now()
		if _, err := try(t, resolver, token); err != nil || time.Since(before) > 500*time.Millisecond {
			t.Errorf("the first token after a pause took %v: %v", time.Since(before), err)
		}
	})
}

func TestAReadingThatNeverEndsIsNotTheLast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		from, old, next := &issuer{}, newSigner(t, "old"), newSigner(t, "next")
		from.publish(old)
		_, resolver := follow(t, from, tenantjwt.JWKSOptions{})
		token := old.token(t, "acme")
		from.set(func() { from.slow = time.Hour })
		for range 2 {
			time.Sleep(time.Second)
			if _, err := try(t, resolver, token); err != nil {
				t.Errorf("while it is read: %v", err)
			}
		}
		from.set(func() { from.slow = 0 })
		from.publish(next)
		time.Sleep(6 * time.Second)
		if _, err := try(t, resolver, token); !errors.Is(err, tenanthttp.ErrUnauthenticated) {
			t.Errorf("a token of a key that was withdrawn meanwhile: %v", err)
		}
	})
}

func TestAnIssuerThatIsSlowIsStillFollowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		from, old, next := &issuer{slow: 2 * time.Second}, newSigner(t, "old"), newSigner(t, "next")
		from.publish(old)
		_, resolver := follow(t, from, tenantjwt.JWKSOptions{})
		token := old.token(t, "acme")
		from.publish(old, next)
		if _, err := try(t, resolver, next.token(t, "acme")); err != nil {
			t.Errorf("a token of a new key: %v", err)
		}
		from.publish(next)
		for withdrawn := time.Now(); ; time.Sleep(10 * time.Millisecond) {
			_, err := try(t, resolver, token)
			if errors.Is(err, tenanthttp.ErrUnauthenticated) {
				break
			}
			if took := time.Since(withdrawn); err != nil || took > 5*time.Second { // two readings and what is between
				t.Fatalf("after %v: %v", took, err)
			}
		}
	})
}

func TestTokensOfUnknownKeysDoNotFloodTheIssuer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		from, key, foreign := &issuer{}, newSigner(t, "k"), newSigner(t, "foreign")
		from.publish(key)
		_, resolver := follow(t, from, tenantjwt.JWKSOptions{})
		token := foreign.token(t, "acme")
		before := time.Now()
		var all sync.WaitGroup
		for range 100 {
			all.Go(func() {
				for range 20 {
					if _, err := try(t, resolver, token); !errors.Is(err, tenanthttp.ErrUnauthenticated) {
						t.Errorf("a token of an unknown key: %v", err)
					}
				}
			})
		}
		all.Wait()
		most := int(time.Since(before)/(100*time.Millisecond)) + 2
		if asked, sent := from.counts(); asked > most || sent != 1 {
			t.Errorf("2000 tokens had the document asked for %d times in %v, and sent %d times", asked, time.Since(before), sent)
		}
	})
}

func TestADocumentThatIsNoneChangesNothing(t *testing.T) {
	for _, document := range []string{"", "{}", "[]", `{"keys":null}`, `{"keys":{}}`, "<html>", `{"keys":[`} {
		synctest.Test(t, func(t *testing.T) {
			from, key := &issuer{}, newSigner(t, "k")
			from.publish(key)
			_, resolver := follow(t, from, tenantjwt.JWKSOptions{})
			from.set(func() { from.document, from.version = []byte(document), from.version+1 })
			time.Sleep(2 * time.Second)
			if _, err := try(t, resolver, key.token(t, "acme")); err != nil {
				t.Errorf("%s: %v", document, err)
			}
		})
	}
}

func TestACallersEndDoesNotWaitForTheKeys(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		from, key := &issuer{}, newSigner(t, "k")
		from.publish(key)
		keys, _ := follow(t, from, tenantjwt.JWKSOptions{})
		ctx, end := context.WithCancel(t.Context())
		end()
		if err := keys.Refresh(ctx); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		if err := keys.Close(); err != nil {
			t.Error(err)
		}
		if err := keys.Refresh(t.Context()); !errors.Is(err, tenanthttp.ErrUnavailable) {
			t.Errorf("after Close: %v", err)
		}
	})
}
