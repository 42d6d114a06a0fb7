package catalog_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/tenantdb/catalog"
)

func TestThatAKeyIsUsedIsNotedOnceAnHour(t *testing.T) {
	k, clock := newKeyKit(t)
	k.c.SetUseWait(time.Minute) // however long this process is kept from going on
	issued := k.key(t, "acme", catalog.KeyRequest{})
	usedAt := func() time.Time {
		t.Helper()
		key, err := k.c.Key(t.Context(), issued.ID)
		if err != nil {
			t.Fatal(err)
		}
		return key.UsedAt
	}
	use := func() {
		t.Helper()
		for range 100 {
			if _, err := k.c.VerifyKey(t.Context(), issued.Secret.Reveal()); err != nil {
				t.Fatal(err)
			}
		}
	}
	if !usedAt().IsZero() {
		t.Errorf("before it is used: %v", usedAt())
	}
	if _, err := k.c.VerifyKey(t.Context(), forged(issued.ID, secretOf(k.key(t, "acme", catalog.KeyRequest{}).Secret.Reveal()))); !errors.Is(err, catalog.ErrBadKey) || !usedAt().IsZero() {
		t.Errorf("a wrong secret is noted as use of the key: %v, %v", err, usedAt())
	}
	use()
	first := clock.now()
	if !usedAt().Equal(first) {
		t.Errorf("noted is %v, want %v", usedAt(), first)
	}
	before, err := k.global.Version(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	clock.move(time.Hour - time.Millisecond)
	use()
	if after, err := k.global.Version(t.Context()); err != nil || after != before || !usedAt().Equal(first) {
		t.Errorf("within the hour it was written: %v; noted is %v", after != before, usedAt())
	}
	clock.move(time.Millisecond)
	use()
	if !usedAt().Equal(first.Add(time.Hour)) {
		t.Errorf("an hour later noted is %v", usedAt())
	}
	lookups := k.c.KeyStats().Lookups
	use()
	if now := k.c.KeyStats().Lookups; now != lookups {
		t.Errorf("noting the use had the key looked up %d times", now-lookups)
	}
}

func TestAGoodKeyPassesWhileTheGlobalDatabaseCannotBeWritten(t *testing.T) {
	k, _ := newKeyKit(t)
	issued := k.key(t, "acme", catalog.KeyRequest{})
	held, goOn := make(chan struct{}), make(chan struct{})
	var holder sync.WaitGroup
	holder.Go(func() {
		err := global.Write(t.Context(), k.global, func(context.Context, *global.Queries) error {
			close(held)
			<-goOn
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
	<-held
	if _, err := k.c.VerifyKey(t.Context(), issued.Secret.Reveal()); err != nil {
		t.Errorf("while somebody writes: %v", err)
	}
	close(goOn)
	holder.Wait()
	if key, err := k.c.Key(t.Context(), issued.ID); err != nil || !key.UsedAt.IsZero() {
		t.Errorf("the use is noted: %v, %v", key.UsedAt, err)
	}
}

func TestAKeyIsVerifiedWithinATransactionOnTheGlobalDatabase(t *testing.T) {
	k, _ := newKeyKit(t)
	issued := k.key(t, "acme", catalog.KeyRequest{})
	err := catalog.WriteWith(t.Context(), k.c, k.global, func(ctx context.Context, _ *global.Tx, tx *catalog.Tx) error {
		if _, err := tx.RevokeKey(ctx, issued.ID); err != nil {
			return err
		}
		if _, err := k.c.VerifyKey(ctx, issued.Secret.Reveal()); err != nil {
			t.Errorf("before the commit: %v", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.c.VerifyKey(t.Context(), issued.Secret.Reveal()); !errors.Is(err, catalog.ErrBadKey) {
		t.Errorf("after the commit: %v", err)
	}
}

func TestVerifyingARememberedKeyAllocatesNothing(t *testing.T) {
	k, _ := newKeyKit(t)
	issued, ctx := k.key(t, "acme", catalog.KeyRequest{}), t.Context()
	n := testing.AllocsPerRun(100, func() {
		if _, err := k.c.VerifyKey(ctx, issued.Secret.Reveal()); err != nil {
			t.Error(err)
		}
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkVerifyKey(b *testing.B) {
	k, _ := newKeyKit(b)
	issued, ctx := k.key(b, "acme", catalog.KeyRequest{}), b.Context()
	text := issued.Secret.Reveal()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := k.c.VerifyKey(ctx, text); err != nil {
			b.Fatal(err)
		}
	}
}
