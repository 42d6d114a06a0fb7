package catalog_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/internal/childtest"
)

func TestARotatedKeyIsGoodForTheOverlap(t *testing.T) {
	const day = 24 * time.Hour
	tests := []struct {
		name          string
		request       time.Duration // for which the old key was made to last; 0 for ever
		rotation      catalog.Rotation
		oldEnds       time.Duration // from the rotation, which is ten days later
		newEnds       time.Duration // 0 for never
		expiresLatest time.Duration // what Rotation.ExpiresAt is, from the rotation
	}{
		{name: "by default", oldEnds: day},
		{name: "with an overlap", rotation: catalog.Rotation{Overlap: time.Hour}, oldEnds: time.Hour},
		{name: "with none", rotation: catalog.Rotation{Overlap: -1}, oldEnds: 0},
		{name: "one that lasts 90 days", request: 90 * day, oldEnds: day, newEnds: 90 * day},
		{name: "one that is about to expire", request: 10*day + time.Hour, oldEnds: time.Hour, newEnds: 10*day + time.Hour},
		{name: "to one that lasts a week", request: 90 * day, expiresLatest: 7 * day, oldEnds: day, newEnds: 7 * day},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			k, clock := newKeyKit(t)
			request := catalog.KeyRequest{Label: "billing"}
			if tt.request != 0 {
				request.ExpiresAt = clock.now().Add(tt.request)
			}
			old := k.key(t, "acme", request)
			clock.move(10 * day)
			if tt.expiresLatest != 0 {
				tt.rotation.ExpiresAt = clock.now().Add(tt.expiresLatest)
			}
			fresh, err := k.c.RotateKey(t.Context(), old.ID, tt.rotation)
			if err != nil {
				t.Fatal(err)
			}
			if fresh.Tenant != old.Tenant || fresh.Label != "billing" || fresh.ID == old.ID {
				t.Errorf("the new key is %+v", fresh.Key)
			}
			if tt.newEnds == 0 && !fresh.ExpiresAt.IsZero() || tt.newEnds != 0 && !fresh.ExpiresAt.Equal(clock.now().Add(tt.newEnds)) {
				t.Errorf("it is %v, and the new key expires at %v", clock.now(), fresh.ExpiresAt)
			}
			after, err := k.c.Key(t.Context(), old.ID)
			if err != nil || after.ReplacedBy != fresh.ID || !after.ExpiresAt.Equal(clock.now().Add(tt.oldEnds)) {
				t.Errorf("the old key is %+v, %v", after, err)
			}
			if tt.oldEnds > 0 {
				clock.move(tt.oldEnds - time.Millisecond)
				if _, err := k.c.VerifyKey(t.Context(), old.Secret.Reveal()); err != nil {
					t.Errorf("the old key at the end of the overlap: %v", err)
				}
				clock.move(time.Millisecond)
			}
			if _, err := k.c.VerifyKey(t.Context(), old.Secret.Reveal()); !errors.Is(err, catalog.ErrBadKey) {
				t.Errorf("the old key after the overlap: %v", err)
			}
			if _, err := k.c.VerifyKey(t.Context(), fresh.Secret.Reveal()); err != nil {
				t.Errorf("the new key: %v", err)
			}
		})
	}
}

func TestAKeyIsRotatedOnceAndOnlyWhileItIsGood(t *testing.T) {
	k, clock := newKeyKit(t)
	old := k.key(t, "acme", catalog.KeyRequest{})
	fresh, err := k.c.RotateKey(t.Context(), old.ID, catalog.Rotation{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.c.RotateKey(t.Context(), old.ID, catalog.Rotation{}); !errors.Is(err, catalog.ErrKeyReplaced) {
		t.Errorf("again: %v", err)
	}
	clock.move(25 * time.Hour)
	if _, err := k.c.RotateKey(t.Context(), old.ID, catalog.Rotation{}); !errors.Is(err, catalog.ErrKeyEnded) {
		t.Errorf("expired: %v", err)
	}
	if _, err := k.c.RotateKey(t.Context(), fresh.ID, catalog.Rotation{ExpiresAt: clock.now()}); !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("to one that has expired: %v", err)
	}
	revoked, err := k.c.RevokeKey(t.Context(), fresh.ID)
	if err != nil || !revoked.RevokedAt.Equal(clock.now()) {
		t.Errorf("revoked: %+v, %v", revoked, err)
	}
	clock.move(time.Hour)
	if again, err := k.c.RevokeKey(t.Context(), fresh.ID); err != nil || again != revoked {
		t.Errorf("revoked again: %+v, %v", again, err)
	}
	if _, err := k.c.RotateKey(t.Context(), fresh.ID, catalog.Rotation{}); !errors.Is(err, catalog.ErrKeyEnded) {
		t.Errorf("revoked: %v", err)
	}
	entries := k.entries(t, old.Tenant)
	want := []string{
		fmt.Sprintf(`: create key acme {"key":%q}: ok`, old.ID),
		fmt.Sprintf(`: rotate key acme {"good_until":"2026-03-02T12:00:00Z","key":%q,"replaced_by":%q}: ok`, old.ID, fresh.ID),
		fmt.Sprintf(`: revoke key acme {"key":%q}: ok`, fresh.ID),
	}
	if got := entries[1:]; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("recorded is %q, want %q", got, want)
	}
}

// revokeOnInput revokes the key whose ID each line is.
func revokeOnInput(k *kit, _ []string) error {
	fmt.Println("ready")
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		if _, err := k.c.RevokeKey(context.Background(), in.Text()); err != nil {
			return err
		}
		fmt.Println("revoked")
	}
	return nil
}

func TestAKeyThatAnotherProcessRevokedIsRefusedByTheNextCall(t *testing.T) {
	k, _ := newKeyKit(t)
	c := childtest.Start(t, "revokeKey", k.dir.Path())
	c.Line(t)
	kept := k.key(t, "acme", catalog.KeyRequest{})
	for range 50 {
		issued := k.key(t, "acme", catalog.KeyRequest{})
		if _, err := k.c.VerifyKey(t.Context(), issued.Secret.Reveal()); err != nil {
			t.Fatalf("while it is good: %v", err)
		}
		fmt.Fprintln(c.In, issued.ID)
		c.Line(t)
		if _, err := k.c.VerifyKey(t.Context(), issued.Secret.Reveal()); !errors.Is(err, catalog.ErrBadKey) {
			t.Fatalf("revoked by another process: %v", err)
		}
		if _, err := k.c.VerifyKey(t.Context(), kept.Secret.Reveal()); err != nil {
			t.Fatalf("another key: %v", err)
		}
	}
	c.Finish(t)
}

// Keys are rotated and the old ones revoked while many goroutines of two services, with a
// Dir each, show the key that they were last told. None is refused, and none is let in that
// begins after the revocation.
func TestRotationUnderLoadRefusesNobodyAndRevocationHoldsAtOnce(t *testing.T) {
	k, clock := newKeyKit(t)
	second, err := kitOf(t.Context(), openDir(t, tenantdb.Options{Path: k.dir.Path()}))
	if err != nil {
		t.Fatal(err)
	}
	second.c.SetNow(clock.now)
	const workers, rotations = 4, 15
	type epoch struct {
		text    string
		adopted sync.WaitGroup // by all workers
	}
	first := k.key(t, "acme", catalog.KeyRequest{})
	id := first.ID
	var current atomic.Pointer[epoch]
	next := func(text string) *epoch {
		e := &epoch{text: text}
		e.adopted.Add(workers)
		current.Store(e)
		return e
	}
	e := next(first.Secret.Reveal())
	done := make(chan struct{})
	var load sync.WaitGroup
	var admitted atomic.Int64
	for i := range workers {
		c := []*catalog.Catalog{k.c, second.c}[i%2]
		load.Go(func() {
			var mine *epoch
			for {
				select {
				case <-done:
					return
				default:
				}
				now := current.Load()
				if _, err := c.VerifyKey(t.Context(), now.text); err != nil {
					t.Errorf("a key that is good: %v", err)
				}
				admitted.Add(1)
				if now != mine { // from here on this worker shows no older one
					mine = now
					now.adopted.Done()
				}
			}
		})
	}
	for range rotations {
		e.adopted.Wait()
		fresh, err := k.c.RotateKey(t.Context(), id, catalog.Rotation{})
		if err != nil {
			t.Fatal(err)
		}
		old := e
		e = next(fresh.Secret.Reveal())
		e.adopted.Wait()
		if _, err := second.c.RevokeKey(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		for _, c := range []*catalog.Catalog{k.c, second.c} {
			if _, err := c.VerifyKey(t.Context(), old.text); !errors.Is(err, catalog.ErrBadKey) {
				t.Errorf("after it was revoked: %v", err)
			}
		}
		id = fresh.ID
	}
	close(done)
	load.Wait()
	if admitted.Load() < workers*rotations {
		t.Errorf("%d calls", admitted.Load())
	}
}
