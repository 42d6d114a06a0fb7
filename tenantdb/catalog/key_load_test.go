package catalog_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/internal/childtest"
)

// showKeys is a service under load: some goroutines show the key that they were last told to
// use, over and over. Each line is "use KEY", answered when none of them shows an older one any
// more, or "try KEY", answered with what became of it.
func showKeys(k *kit, _ []string) error {
	const clients = 3
	var use sync.RWMutex // guards key, from when a client looks at it until it is answered
	var key string
	var refused, admitted atomic.Int64
	show := func() {
		use.RLock()
		defer use.RUnlock()
		if key == "" {
			return
		}
		if _, err := k.c.VerifyKey(context.Background(), key); err != nil {
			refused.Add(1)
		} else {
			admitted.Add(1)
		}
	}
	done := make(chan struct{})
	var load sync.WaitGroup
	for range clients {
		load.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
					show()
				}
			}
		})
	}
	defer load.Wait()
	defer close(done)
	fmt.Println("ready")
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		switch what, text, _ := strings.Cut(in.Text(), " "); what {
		case "use":
			use.Lock()
			key = text
			use.Unlock()
			show()
			fmt.Println("used", admitted.Load() > 0, refused.Load())
		case "try":
			_, err := k.c.VerifyKey(context.Background(), text)
			fmt.Println("tried", err == nil, errors.Is(err, catalog.ErrBadKey))
		default:
			return fmt.Errorf("%q is no command", in.Text())
		}
	}
	return nil
}

// Two other processes serve requests with keys while this one exchanges them. No key that is good is
// refused, and one that is revoked is not admitted by the very next call.
func TestOtherProcessesUnderLoadRefuseNoGoodKeyAndNoRevokedOneIsAdmitted(t *testing.T) {
	k, _ := newKeyKit(t)
	k.c.SetNow(time.Now) // the clock of the other processes
	services := []*childtest.Child{childtest.Start(t, "showKeys", k.dir.Path()), childtest.Start(t, "showKeys", k.dir.Path())}
	for _, s := range services {
		s.Line(t)
	}
	tell := func(want, format string, args ...any) {
		t.Helper()
		for _, s := range services {
			fmt.Fprintf(s.In, format+"\n", args...)
			if got := s.Line(t); got != want {
				t.Errorf("%s: %q, want %q", format, got, want)
			}
		}
	}
	key := k.key(t, "acme", catalog.KeyRequest{})
	tell("used true 0", "use %s", key.Secret.Reveal())
	for range 20 {
		fresh, err := k.c.RotateKey(t.Context(), key.ID, catalog.Rotation{})
		if err != nil {
			t.Fatal(err)
		}
		tell("tried true false", "try %s", key.Secret.Reveal()) // both are good
		tell("used true 0", "use %s", fresh.Secret.Reveal())
		if _, err := k.c.RevokeKey(t.Context(), key.ID); err != nil {
			t.Fatal(err)
		}
		tell("tried false true", "try %s", key.Secret.Reveal())
		key = fresh
	}
	tell("used true 0", "use %s", key.Secret.Reveal())
	for _, s := range services {
		s.Finish(t)
	}
}
