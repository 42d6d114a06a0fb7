package dev

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

func TestChangesSettleWhenNothingHappensForAWhile(t *testing.T) {
	tests := []struct {
		name   string
		events []time.Duration // after the beginning
		want   time.Duration
	}{
		{"one", nil, 100 * time.Millisecond},
		{"another", []time.Duration{50 * time.Millisecond}, 150 * time.Millisecond},
		{"a storm that ends", []time.Duration{90 * time.Millisecond, 180 * time.Millisecond, 270 * time.Millisecond}, 370 * time.Millisecond},
		{"one that comes too late", []time.Duration{101 * time.Millisecond}, 100 * time.Millisecond},
		{"a storm that does not end", every(80*time.Millisecond, 100), 2 * time.Second},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				begun := time.Now()
				w := &watcher{changes: make(chan struct{}, 1)}
				for _, at := range test.events {
					time.AfterFunc(at, w.signal)
				}
				settle(t.Context(), w.changes, 100*time.Millisecond, 2*time.Second)
				if got := time.Since(begun); got != test.want {
					t.Errorf("settled after %v, want %v", got, test.want)
				}
			})
		})
	}
}

// every returns n times.
func every(interval time.Duration, n int) (times []time.Duration) {
	for i := range n {
		times = append(times, interval*time.Duration(i+1))
	}
	return times
}

func TestWhereTheSystemDoesNotTellFilesAreLookedAtEachSecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		w := &watcher{changes: make(chan struct{}, 1), stop: stop}
		w.ended.Go(func() { w.poll(ctx) })
		begun := time.Now()
		for range 3 {
			<-w.changes
		}
		if got := time.Since(begun); got != 3*pollInterval {
			t.Errorf("three looks took %v", got)
		}
		w.close()
	})
}

func TestAFolderThatIsNewIsWatched(t *testing.T) {
	tr := &tree{root: t.TempDir()}
	w := newWatcher(tr, ByEvents)
	defer w.close()
	if w.polls != nil {
		t.Skip("the system tells of no changes here:", w.polls)
	}
	deep := filepath.Join(tr.root, "a", "b")
	if err := os.MkdirAll(deep, 0o755); err != nil {
		t.Fatal(err)
	}
	<-w.changes
	before := tr.scan()
	// Whether the folder is watched when the file comes, or the file is there when the folder is looked at: there is a signal.
	if err := os.WriteFile(filepath.Join(deep, "c.go"), []byte("package b"), 0o600); err != nil {
		t.Fatal(err)
	}
	for len(before.changed(tr.scan())) == 0 {
		<-w.changes
	}
}

func TestFilesMatterByWhatTheyAre(t *testing.T) {
	tr := &tree{root: filepath.FromSlash("/app")}
	tr.embeds([]string{filepath.FromSlash("/app/web/a.html"), filepath.FromSlash("/app/web/icons/b.svg")})
	for path, want := range map[string]bool{
		"/app/main.go": true, "/app/a/b/c.go": true, "/app/schema/1_a.sql": true, "/app/sqlc.yaml": true, "/app/go.mod": true, "/app/tools/go.mod": true,
		"/app/go.sum": true, "/app/go.work": true, "/app/sqlc.yml": true, "/app/sqlc.json": true,
		"/app/web/new.html": true, "/app/web/deep/new.html": true, "/app/web/icons/new.svg": true,
		"/app/web/new.svg": false, "/app/docs/a.html": false, "/app/web.html": false,
		"/app/main_test.go": false, "/app/.main.go.swp": false, "/app/.#main.go": false, "/app/#main.go#": false, "/app/main.go~": false,
		"/app/README.md": false, "/app/data/global.db": false, "/app/data/global.db-wal": false, "/app/other.yaml": false,
	} {
		if got := tr.matters(filepath.FromSlash(path)); got != want {
			t.Errorf("matters(%s) is %v", path, got)
		}
	}
}

func TestAScanPassesOverWhatIsNoPartOfTheProgram(t *testing.T) {
	tr := &tree{root: t.TempDir()}
	for _, name := range []string{"main.go", "a/b.go", ".git/c.go", "_old/d.go", "node_modules/e.go", "data/silo.json", "data/f.go", "notes.txt"} {
		file := filepath.Join(tr.root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for _, path := range (snapshot{}).changed(tr.scan()) {
		name, _ := filepath.Rel(tr.root, path)
		got = append(got, filepath.ToSlash(name))
	}
	if want := []string{"a/b.go", "main.go"}; !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
}

func TestWhatWasWrittenByOneselfIsNoChange(t *testing.T) {
	tr := &tree{root: t.TempDir()}
	kept, gone := filepath.Join(tr.root, "a.go"), filepath.Join(tr.root, "b.go")
	write := func(file, text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(kept, "1")
	write(gone, "1")
	files := tr.scan()
	write(kept, "22")
	if err := os.Remove(gone); err != nil {
		t.Fatal(err)
	}
	if got := files.changed(tr.scan()); len(got) != 2 {
		t.Errorf("changed %q", got)
	}
	files.accept([]string{kept, gone})
	if got := files.changed(tr.scan()); len(got) != 0 {
		t.Errorf("changed %q", got)
	}
}
