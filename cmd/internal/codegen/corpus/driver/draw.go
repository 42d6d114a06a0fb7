package driver

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"strings"
	"time"
)

// values are values by their kinds.
type values struct {
	ints   []int64
	texts  []string
	floats []float64
	blobs  [][]byte
	times  []time.Time
}

// pool draws values: such as occur in the database, and others.
type pool struct {
	values
	random *rand.Rand
	known  *knowledge
	near   values            // what the next value is likely to be, by the parameter's name
	row    map[string]values // a row of the database that the arguments of a run are about
}

func newPool(seed uint64, name string) *pool {
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(name)) // which never fails
	return &pool{
		random: rand.New(rand.NewPCG(seed, hash.Sum64())),
		known:  &knowledge{columns: map[string]values{}, rows: map[string][]map[string]values{}},
		values: values{
			ints:   []int64{0, 1, 2, 3, 10, -1, 1700000000, 1 << 53, 1<<53 + 1},
			texts:  []string{"", "a", "B", "Übung 日本語 🙂", "it's", "%", "2024-05-06", `{"a": [1, "x", null]}`, "00000000-0000-4000-8000-000000000001"},
			floats: []float64{0, 1, 0.5, -2.25, 1e10},
			blobs:  [][]byte{{}, {0, 1, 0xff}, []byte("text")},
			times:  []time.Time{time.Date(2024, 5, 6, 7, 8, 9, 123e6, time.UTC), time.Date(1999, 12, 31, 23, 59, 59, 0, time.UTC)},
		},
	}
}

func pick[T any](p *pool, values []T) T { return values[p.random.IntN(len(values))] }

func (p *pool) chance(percent int) bool { return p.random.IntN(100) < percent }

// likely reports whether to draw from what is near.
func (p *pool) likely(count int) bool { return count > 0 && p.chance(80) }

func (p *pool) integer() int64 {
	if p.likely(len(p.near.ints)) {
		return pick(p, p.near.ints)
	}
	if p.chance(60) {
		return pick(p, p.ints)
	}
	return p.random.Int64N(20)
}

func (p *pool) text() string {
	if p.likely(len(p.near.texts)) {
		return pick(p, p.near.texts)
	}
	if p.chance(75) {
		return pick(p, p.texts)
	}
	return fmt.Sprintf("t%d", p.random.IntN(30))
}

func (p *pool) float() float64 {
	if p.likely(len(p.near.floats)) {
		return pick(p, p.near.floats)
	}
	if p.chance(60) {
		return pick(p, p.floats)
	}
	return float64(p.random.IntN(4000)) / 8
}

func (p *pool) time() time.Time {
	if p.likely(len(p.near.times)) {
		return pick(p, p.near.times)
	}
	if p.chance(60) {
		return pick(p, p.times)
	}
	return time.UnixMilli(1.6e12 + p.random.Int64N(2e11)).UTC()
}

func (p *pool) blob() []byte { return pick(p, p.blobs) }

// timeLayout is how Silo's documentation says that times are kept.
const timeLayout = "2006-01-02 15:04:05.000"

// conforming returns a value that a column's declaration admits, as a program that
// keeps to it would store it.
func (p *pool) conforming(t *table, c column) any {
	declared := c.declared
	has := func(words ...string) bool {
		for _, word := range words {
			if strings.Contains(declared, word) {
				return true
			}
		}
		return false
	}
	literals := t.literals()
	switch {
	case has("BOOL"):
		return p.random.Int64N(2)
	case has("DATETIME", "TIMESTAMP"):
		return p.time().Format(timeLayout)
	case declared == "DATE":
		return p.time().Format(time.DateOnly)
	case declared == "TIME":
		return p.time().Format(time.TimeOnly)
	case has("JSON"):
		return `{"a": ` + fmt.Sprint(p.random.IntN(9)) + `, "b": ["x", null], "name": "n"}`
	case has("UUID", "GUID"):
		return fmt.Sprintf("00000000-0000-4000-8000-%012d", p.random.IntN(50))
	case has("INT", "SERIAL"):
		if p.chance(70) {
			return p.random.Int64N(12)
		}
		return p.random.Int64N(1 << 40)
	case t.virtual || has("CHAR", "CLOB", "TEXT", "STRING"):
		if len(literals) > 0 && p.chance(50) {
			return pick(p, literals)
		}
		return p.text()
	case has("BLOB", "BYTE"):
		return p.blob()
	case declared == "" || has("ANY"):
		return p.integer()
	default:
		return p.float()
	}
}
