package query_test

import (
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/silokit/silo/tenantdb/query"
)

// kept is a text that was read, and what it was when it was.
type kept struct{ text, was string }

func (k kept) same() bool { return k.text == k.was }

// readTexts reads texts of those lengths, in one result, in the order of the list.
func readTexts(t *testing.T, b query.Binding, st *query.Statement, fill string, lengths []int64) (out []kept) {
	t.Helper()
	got, err := query.Many(t.Context(), b, st, scanText, query.Ints(lengths), query.Text(fill))
	if err != nil || len(got) != len(lengths) {
		t.Fatalf("%d texts of %d, %v", len(got), len(lengths), err)
	}
	for i, text := range got {
		was := strings.Repeat(fill, int(lengths[i]))
		if text != was {
			t.Fatalf("a text of %d bytes came as another of %d", len(was), len(text))
		}
		out = append(out, kept{text, was})
	}
	return out
}

// The texts of a result share memory. Those that are kept stay what they were while
// thousands of others are read, by the same statement and connection, and the collector
// takes what nobody has kept.
func TestTextsThatAreKeptStayAsTheyWere(t *testing.T) {
	_, b := open(t)
	st := read("SELECT replace(hex(zeroblob(value)), '00', ?2) FROM json_each(?1) ORDER BY key")
	const seed = 1
	random := rand.New(rand.NewPCG(seed, 0))
	// Around the sizes of the pieces that texts share, and of those that have their own.
	lengths := []int{0, 1, 2, 7, 31, 63, 64, 65, 255, 256, 257, 511, 512, 513, 1023, 1024, 4095, 4096, 4097, 10_000}
	var all []kept
	for round := range 400 {
		var drawn []int64
		for range random.IntN(60) {
			drawn = append(drawn, int64(lengths[random.IntN(1+random.IntN(len(lengths)))]))
		}
		for _, k := range readTexts(t, b, st, string(rune('a'+round%26)), drawn) {
			if random.IntN(8) == 0 {
				all = append(all, k) // the others of its piece are let go
			}
		}
		if round%50 == 0 {
			runtime.GC()
		}
	}
	debug.FreeOSMemory() // collects, and gives back what is free: a stray pointer would meet nothing
	for i, k := range all {
		if !k.same() {
			t.Fatalf("seed %d: text %d of %d bytes was %.20q, and is %.20q", seed, i, len(k.was), k.was, k.text)
		}
	}
	if len(all) < 1000 {
		t.Errorf("only %d were kept", len(all))
	}
}

func FuzzTextsOfARowDoNotTouchOneAnother(f *testing.F) {
	_, b := open(f)
	st := read("SELECT ?1, ?2, ?3, ?1 || ?2 || ?3, ?2 UNION ALL SELECT ?3, ?1, ?2, ?3, ?1")
	f.Add("", "a", "\x00")
	f.Add(strings.Repeat("x", 512), strings.Repeat("y", 513), strings.Repeat("z", 64))
	f.Add(strings.Repeat("x", 4096), "", "\xff\xfe")
	var before [2][5]string
	var was [2][5]string
	f.Fuzz(func(t *testing.T, x, y, z string) {
		got, err := query.Many(t.Context(), b, st, func(row *query.Row, v *[5]string) {
			for i := range v {
				v[i] = row.Text(i)
			}
		}, query.Text(x), query.Text(y), query.Text(z))
		if want := [2][5]string{{x, y, z, x + y + z, y}, {z, x, y, z, x}}; err != nil || len(got) != 2 || [2][5]string(got) != want {
			t.Errorf("%q came back as %q, %v", want, got, err)
		}
		if before != was {
			t.Errorf("the result before was %q, and is %q", was, before)
		}
		copy(before[:], got)
		for i := range before {
			for j := range before[i] {
				was[i][j] = strings.Clone(before[i][j])
			}
		}
	})
}
