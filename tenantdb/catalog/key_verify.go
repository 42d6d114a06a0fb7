package catalog

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"errors"
	"hash/maphash"
	"sync/atomic"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog/internal/catalogdb"
	"github.com/silokit/silo/tenantdb/catalog/internal/keytext"
)

// verifier says whose key a text is.
type verifier struct {
	q     *catalogdb.Queries
	known *memory[keyID, *knownKey]
	wait  time.Duration // useWait, but in tests
	stats struct{ admitted, refused, malformed, lookups, hashes atomic.Int64 }
}

// keyID is a key's ID, as it is remembered: not a part of a text whose rest is a secret.
type keyID [keytext.IDLength]byte

func hashKeyID(seed maphash.Seed, id keyID) uint64 { return maphash.Bytes(seed, id[:]) }

// knownKey is what is remembered of a key. The zero one is of a key that there is not.
type knownKey struct {
	key  Key
	hash [sha256.Size]byte
	used atomic.Int64 // what is noted of its use, in milliseconds since 1970
}

// KeyStats counts what [Catalog.VerifyKey] has done since the catalog was opened.
type KeyStats struct {
	Admitted  int64 // keys that were good
	Refused   int64 // others, the malformed ones among them
	Malformed int64 // texts that no key has, for which nothing was looked up
	Lookups   int64 // of keys in the global database; the others were remembered
	Hashes    int64 // computed
}

func newVerifier(db *catalogdb.DB) *verifier {
	return &verifier{q: catalogdb.New(db), known: newMemory[keyID, *knownKey](db, hashKeyID, func(id keyID) keyID { return id }), wait: useWait}
}

// ask reads a key.
func (v *verifier) ask(ctx context.Context, q *catalogdb.Reader, id keyID) (*knownKey, error) {
	v.stats.lookups.Add(1)
	row, err := q.GetAPIKey(ctx, string(id[:]))
	known := &knownKey{}
	if errors.Is(err, sql.ErrNoRows) {
		return known, nil
	}
	if err != nil {
		return nil, err
	}
	copy(known.hash[:], row.Hash)
	if known.key, err = keyOf(&row); err != nil {
		return nil, err
	}
	if row.UsedAt != nil {
		known.used.Store(row.UsedAt.UnixMilli())
	}
	return known, nil
}

// VerifyKey returns the key that a text is, if it is good now. Whatever is wrong, that there
// is no such key, that its secret is another, that it has expired or was revoked, the error
// is the same [ErrBadKey], after the same look-up, hash and comparison, which takes as long
// wherever they differ. Texts that no key has are refused without, by their checksum, which
// is no secret. Other errors are the global database's: nobody is let in then.
//
// Keys are remembered, also that there is none, some 65,000 at the most. A change by this
// or another process is seen by the next call. That a key was used is noted once an hour, by
// the call that uses it; if the global database cannot be written to within 100 ms, it is
// noted an hour later.
func (c *Catalog) VerifyKey(ctx context.Context, text string) (Key, error) {
	if c == nil || c.keys == nil {
		return Key{}, failed("verify key", tenantdb.ID{}, tenantdb.ErrNoHandle)
	}
	key, err := c.keys.verify(ctx, text, c.now())
	return key, failed("verify key", tenantdb.ID{}, err)
}

func (v *verifier) verify(ctx context.Context, text string, now time.Time) (Key, error) {
	id, ok := keytext.Parse(text)
	if !ok {
		v.stats.malformed.Add(1)
		v.stats.refused.Add(1)
		return Key{}, ErrBadKey
	}
	known, err := v.known.get(ctx, keyID([]byte(id)), v.ask)
	if err != nil {
		return Key{}, err
	}
	hash := keytext.Hash(text)
	v.stats.hashes.Add(1)
	same := subtle.ConstantTimeCompare(hash[:], known.hash[:]) == 1
	if active := known.key.State(now) == KeyActive; !same || !active || known.key.ID == "" {
		v.stats.refused.Add(1)
		return Key{}, ErrBadKey
	}
	v.stats.admitted.Add(1)
	v.noteUse(ctx, known, now)
	return known.key, nil
}

const (
	useEvery = time.Hour              // how often it is noted that a key is used
	useWait  = 100 * time.Millisecond // how long a call waits for that at most
)

// noteUse notes that a key is used, if that has not been noted lately.
func (v *verifier) noteUse(ctx context.Context, known *knownKey, now time.Time) {
	noted := known.used.Load()
	if now.UnixMilli()-noted >= useEvery.Milliseconds() && known.used.CompareAndSwap(noted, now.UnixMilli()) {
		v.writeUse(ctx, known.key.ID, now)
	}
}

// writeUse is a function by itself because now would be on the heap in each call of it.
func (v *verifier) writeUse(ctx context.Context, id string, now time.Time) {
	ctx, cancel := context.WithTimeout(ctx, v.wait)
	defer cancel()
	// Who has a good key is not refused because the disk is full.
	_ = v.q.NoteAPIKeyUse(ctx, catalogdb.NoteAPIKeyUseParams{ID: id, UsedAt: &now})
}

// KeyStats returns what was counted.
func (c *Catalog) KeyStats() KeyStats {
	if c == nil || c.keys == nil {
		return KeyStats{}
	}
	s := &c.keys.stats
	return KeyStats{s.admitted.Load(), s.refused.Load(), s.malformed.Load(), s.lookups.Load(), s.hashes.Load()}
}
