package catalog

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog/internal/catalogdb"
	"github.com/silokit/silo/tenantdb/catalog/internal/keytext"
)

// KeyRequest is a key to be created. Only Tenant is required.
type KeyRequest struct {
	Tenant tenantdb.ID
	Label  string // for people: who has it, for what

	// ExpiresAt is when it is not good any more. Defaults to never.
	ExpiresAt time.Time
}

// IssuedKey is a key that was just made. The secret is not kept: it is to be had here, and
// nowhere else.
type IssuedKey struct {
	Key
	Secret Secret
}

// Secret is a whole key. Printed, logged and encoded it shows the key's ID alone.
type Secret struct{ text string }

// Reveal returns the key, which lets in whoever shows it.
func (s Secret) Reveal() string { return s.text }

// String returns the key with its secret left out.
func (s Secret) String() string {
	id, ok := keytext.Parse(s.text)
	if !ok {
		return ""
	}
	return KeyPrefix + id + "_…"
}

// Format prints String, whatever the verb: %d would look into the Secret.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// MarshalText returns String.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// CreateKey makes an API key of a tenant. A tenant that is not known is [ErrNotRegistered];
// whether a tenant can be used, [tenantdb.Store.Resolve] says at each request, so that a
// suspended one may be given keys. An ExpiresAt that is over is [ErrInvalid]. It is recorded
// without the secret.
func (o *operations) CreateKey(ctx context.Context, r KeyRequest) (IssuedKey, error) {
	var issued IssuedKey
	err := o.write(ctx, func(ctx context.Context, q *catalogdb.Queries) (err error) {
		if _, err := get(ctx, q.Reader(), r.Tenant); err != nil {
			return err
		}
		if issued, err = issueKey(ctx, q, r, o.now()); err != nil {
			return err
		}
		return record(ctx, q, Entry{Operation: "create key", Tenant: r.Tenant, Detail: keyDetail(issued.Key)})
	})
	if err != nil {
		return IssuedKey{}, failed("create key", r.Tenant, err)
	}
	return issued, nil
}

func issueKey(ctx context.Context, q *catalogdb.Queries, r KeyRequest, now time.Time) (issued IssuedKey, err error) {
	arg := catalogdb.InsertAPIKeyParams{TenantID: r.Tenant.String(), Label: r.Label, CreatedAt: now}
	if !r.ExpiresAt.IsZero() {
		if !now.Before(r.ExpiresAt) {
			return issued, fmt.Errorf("%w: the key would have expired at %s", ErrInvalid, r.ExpiresAt.UTC().Format(time.RFC3339))
		}
		arg.ExpiresAt = &r.ExpiresAt
	}
	arg.ID, issued.Secret.text = keytext.New()
	hash := keytext.Hash(issued.Secret.text)
	arg.Hash = hash[:]
	if err := q.InsertAPIKey(ctx, arg); err != nil {
		return issued, err
	}
	issued.Key, err = getKey(ctx, q.Reader(), arg.ID)
	return issued, err
}

// Rotation says how a key is exchanged for a new one.
type Rotation struct {
	// Overlap is for how long the old key stays good, unless it expires before. Defaults to
	// 24 hours; negative means not at all.
	Overlap time.Duration

	// ExpiresAt is when the new key is not good any more. Defaults to as long from now as the
	// old one was made to last, and to never if that was so for ever.
	ExpiresAt time.Time
}

// defaultOverlap is a day, so that whoever deploys once a day needs no other.
const defaultOverlap = 24 * time.Hour

// RotateKey makes a new key with the tenant and label of an old one, which it lets expire, in
// one transaction: at any time one of them is good, and for the overlap both. A key that
// has ended is [ErrKeyEnded], one that was rotated before [ErrKeyReplaced], and one that is
// not known [ErrUnknownKey].
func (o *operations) RotateKey(ctx context.Context, id string, r Rotation) (IssuedKey, error) {
	var old Key
	var issued IssuedKey
	err := o.write(ctx, func(ctx context.Context, q *catalogdb.Queries) (err error) {
		if old, err = getKey(ctx, q.Reader(), id); err != nil {
			return err
		}
		now := o.now()
		switch state := old.State(now); {
		case state != KeyActive:
			return fmt.Errorf("%w: %s is %s", ErrKeyEnded, id, state)
		case old.ReplacedBy != "":
			return fmt.Errorf("%w: %s was, by %s", ErrKeyReplaced, id, old.ReplacedBy)
		}
		until, expires := r.Ends(old, now)
		if issued, err = issueKey(ctx, q, KeyRequest{Tenant: old.Tenant, Label: old.Label, ExpiresAt: expires}, now); err != nil {
			return err
		}
		if err := q.ReplaceAPIKey(ctx, catalogdb.ReplaceAPIKeyParams{ID: id, ReplacedBy: &issued.ID, ExpiresAt: &until}); err != nil {
			return err
		}
		entry := Entry{Operation: "rotate key", Tenant: old.Tenant, Detail: detail("key", id, "replaced_by", issued.ID, "good_until", timeText(until), "expires_at", timeText(issued.ExpiresAt))}
		return record(ctx, q, entry)
	})
	if err != nil {
		return IssuedKey{}, failed("rotate key", old.Tenant, err)
	}
	return issued, nil
}

// Ends returns when the old key of a rotation would not be good any more, and when the new
// one, if it were done now: the zero time is never.
func (r Rotation) Ends(old Key, now time.Time) (oldKey, newKey time.Time) {
	oldKey = now.Add(max(0, r.Overlap))
	if r.Overlap == 0 {
		oldKey = now.Add(defaultOverlap)
	}
	if !old.ExpiresAt.IsZero() && old.ExpiresAt.Before(oldKey) {
		oldKey = old.ExpiresAt
	}
	newKey = r.ExpiresAt
	if newKey.IsZero() && !old.ExpiresAt.IsZero() {
		newKey = now.Add(old.ExpiresAt.Sub(old.CreatedAt))
	}
	return oldKey, newKey
}

// RevokeKey ends a key, and returns it: whoever shows it from then on is refused, in other
// processes too. One that is revoked already stays as it is. A key that is not known is
// [ErrUnknownKey]. It cannot be undone.
func (o *operations) RevokeKey(ctx context.Context, id string) (Key, error) {
	var key Key
	err := o.write(ctx, func(ctx context.Context, q *catalogdb.Queries) (err error) {
		if key, err = getKey(ctx, q.Reader(), id); err != nil || !key.RevokedAt.IsZero() {
			return err
		}
		now := o.now()
		if err := q.RevokeAPIKey(ctx, catalogdb.RevokeAPIKeyParams{ID: id, RevokedAt: &now}); err != nil {
			return err
		}
		if err := record(ctx, q, Entry{Operation: "revoke key", Tenant: key.Tenant, Detail: keyDetail(key)}); err != nil {
			return err
		}
		key, err = getKey(ctx, q.Reader(), id)
		return err
	})
	return key, failed("revoke key", key.Tenant, err)
}

func keyDetail(k Key) []byte {
	return detail("key", k.ID, "label", k.Label, "expires_at", timeText(k.ExpiresAt))
}

// timeText returns a time as details have it, or "" for the zero time.
func timeText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
