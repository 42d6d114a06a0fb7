package lifecycle_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

func TestTheFirstRuleThatFitsATenantSaysWhenItIsDue(t *testing.T) {
	at := &clock{now: time.Now()}
	w := newWorld(t, lifecycle.Options{Now: at.Now, Rules: []lifecycle.BackupRule{
		{Tenant: mustID("always")},
		{Label: "plan", Value: "pro", Interval: time.Hour, Durability: lifecycle.BackupReadBack},
		{Interval: 24 * time.Hour},
	}})
	for _, name := range []string{"always", "free", "pro"} {
		w.create(t, name, name)
	}
	if err := w.cat.SetLabels(t.Context(), mustID("pro"), map[string]string{"plan": "pro"}); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		after time.Duration
		due   []string
	}{
		{0, []string{"always", "free", "pro"}}, // none has a backup
		{time.Minute, []string{"always"}},
		{2 * time.Hour, []string{"always", "pro"}},
		{25 * time.Hour, []string{"always", "free", "pro"}},
		{-time.Hour, []string{"always", "free", "pro"}}, // the clock was set back
	} {
		at.now = time.Now().Add(tt.after)
		var due, taken, notDue []string
		for s, err := range w.m.BackupStatuses(t.Context(), catalog.Filter{}) {
			if err != nil {
				t.Fatal(err)
			}
			if s.Due() && !s.Tenant.IsZero() {
				due = append(due, s.Tenant.String())
			}
		}
		for b, err := range w.m.BackupAll(t.Context(), catalog.Filter{}, lifecycle.BackupOptions{Due: lifecycle.OnlyDue, Unchanged: lifecycle.CopyUnchanged}) {
			if err := errors.Join(err, b.Err); err != nil {
				t.Fatal(err)
			}
			if b.Skipped == lifecycle.SkippedNotDue {
				notDue = append(notDue, b.Tenant.String())
			} else {
				taken = append(taken, b.Tenant.String())
			}
		}
		slices.Sort(taken)
		if !slices.Equal(due, tt.due) || !slices.Equal(taken, tt.due) || len(taken)+len(notDue) != 3 {
			t.Errorf("after %v: due are %v, taken were %v, not due %v; want %v", tt.after, due, taken, notDue, tt.due)
		}
		// What is due for its age is so by the first backup: later ones are removed.
		for _, name := range []string{"always", "free", "pro"} {
			removeAllButFirst(t, w, mustID(name))
		}
	}
	// Asked for by name, a tenant is backed up whether it is due or not.
	if b, err := w.m.Backup(t.Context(), mustID("free"), lifecycle.BackupOptions{Unchanged: lifecycle.CopyUnchanged}); err != nil || b.Skipped != "" {
		t.Errorf("got %+v, %v", b, err)
	}
}

// removeAllButFirst removes a tenant's backups from its second on, as somebody might.
func removeAllButFirst(t *testing.T, w world, id tenantdb.ID) {
	t.Helper()
	target := lifecycle.NewFolder(w.dir.Path() + "/backups")
	for _, sequence := range w.sequences(t, id)[1:] {
		for _, extension := range []string{"json", "db"} {
			if err := target.Remove(t.Context(), fmt.Sprintf("%v/%012d.%s", id, sequence, extension)); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// forgetful is a Target that gives back something else than was put there.
type forgetful struct{ *lifecycle.Folder }

func (f forgetful) Get(ctx context.Context, name string) (io.ReadCloser, error) {
	r, err := f.Folder.Get(ctx, name)
	if err != nil || !strings.HasSuffix(name, ".db") {
		return r, err
	}
	return struct {
		io.Reader
		io.Closer
	}{io.LimitReader(r, 4096), r}, nil
}

func TestWhatIsReadBackMustBeWhatWasPut(t *testing.T) {
	for durability, want := range map[lifecycle.BackupDurability]error{lifecycle.BackupStored: nil, lifecycle.BackupReadBack: lifecycle.ErrBadBackup} {
		w := newWorld(t, lifecycle.Options{
			Backups: forgetful{lifecycle.NewFolder(t.TempDir())}, Rules: []lifecycle.BackupRule{{Durability: durability}},
		})
		id := w.create(t, "acme", "")
		_, err := w.m.Backup(t.Context(), id, lifecycle.BackupOptions{})
		if !errors.Is(err, want) {
			t.Errorf("%v: got %v, want %v", durability, err, want)
		}
		if have := w.sequences(t, id); (len(have) == 0) != (want != nil) {
			t.Errorf("%v: then there are %v", durability, have)
		}
	}
}

func TestRulesAreReadFromATextOrRefused(t *testing.T) {
	good := `[{"tenant": "acme", "interval": "90m", "keep_last": 3},
		{"label": "plan=pro=x", "interval": "1h", "keep_for": "90d", "durability": "read-back"}, {}]`
	want := []lifecycle.BackupRule{
		{Tenant: mustID("acme"), Interval: 90 * time.Minute, Retention: lifecycle.Retention{Last: 3}},
		{Label: "plan", Value: "pro=x", Interval: time.Hour, Durability: lifecycle.BackupReadBack, Retention: lifecycle.Retention{For: 90 * 24 * time.Hour}},
		{},
	}
	if got, err := lifecycle.ParseRules([]byte(good)); err != nil || !slices.Equal(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
	for name, text := range map[string]string{
		"no JSON":              `interval: 1h`,
		"no list":              `{"interval": "1h"}`,
		"two lists":            `[] []`,
		"an unknown field":     `[{"intervall": "1h"}]`,
		"no tenant's ID":       `[{"tenant": "Acme"}]`,
		"no label":             `[{"label": "pro"}]`,
		"no time":              `[{"interval": "often"}]`,
		"a time of nothing":    `[{"interval": "0s"}]`,
		"a time of the past":   `[{"keep_for": "-1h"}]`,
		"too many days":        `[{"keep_for": "106752000d"}]`,
		"an unknown certainty": `[{"durability": "full"}]`,
		"less than none":       `[{"keep_last": -1}]`,
	} {
		if got, err := lifecycle.ParseRules([]byte(text)); !errors.Is(err, lifecycle.ErrBadRule) {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
	}
}

func FuzzParseRules(f *testing.F) {
	f.Add([]byte(`[{"tenant": "acme", "label": "a=b", "interval": "1h", "keep_last": 1, "keep_for": "9d", "durability": "stored"}]`))
	f.Add([]byte(`[{"keep_for": "106752d"}]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		rules, err := lifecycle.ParseRules(text)
		if err != nil {
			if !errors.Is(err, lifecycle.ErrBadRule) {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		for _, r := range rules {
			if r.Interval < 0 || r.Retention.For < 0 || r.Retention.Last < 0 {
				t.Errorf("%q: %+v", text, r)
			}
		}
	})
}

func TestAManagerIsNotMadeWithRulesThatSayNothingSensible(t *testing.T) {
	w := newWorld(t, lifecycle.Options{})
	for _, r := range []lifecycle.BackupRule{
		{Value: "pro"}, {Interval: -1}, {Durability: 7}, {Retention: lifecycle.Retention{Last: -1}}, {Retention: lifecycle.Retention{For: -1}},
	} {
		_, err := lifecycle.New(w.store, w.cat, lifecycle.Options{Rules: []lifecycle.BackupRule{r}})
		wantErr(t, err, lifecycle.ErrBadRule)
		for _, err := range w.m.Prune(t.Context(), tenanttest.ID(t, "acme"), lifecycle.PruneOptions{Rules: []lifecycle.BackupRule{r}}) {
			wantErr(t, err, lifecycle.ErrBadRule)
		}
	}
}
