package tenantjwt

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/silokit/silo/tenantdb/tenanthttp"
)

// present returns what the document says, read lately enough.
func (j *JWKS) present(ctx context.Context) (*reading, error) {
	// A load is cheaper than a store that all processors share.
	if !j.used.Load() {
		j.used.Store(true)
	}
	now := j.state.Load()
	if !j.fresh(now) && !j.fresh(j.state.Load()) { // it may have been read between two looks
		patience, cancel := context.WithTimeout(ctx, j.options.Refresh)
		err := j.wait(patience)
		cancel()
		if err != nil && ctx.Err() != nil {
			return nil, err
		}
		// An issuer that is slow has nobody wait for longer: what is known counts meanwhile.
	}
	now = j.state.Load()
	if time.Since(now.read) > j.due()+j.options.Grace {
		return nil, errors.Join(fmt.Errorf("%w: the keys could not be read since %s", tenanthttp.ErrUnavailable, now.read.UTC().Format(time.RFC3339)), now.err)
	}
	return now, nil
}

// fresh reports whether the document was read lately, or has been being read since then. What is
// neither is of before a pause in which nobody asked.
func (j *JWKS) fresh(now *reading) bool {
	latest := now.ended.Add(j.due())
	if begun := j.under.Load(); begun != nil {
		return begun.Before(latest)
	}
	return time.Now().Before(latest)
}

// due is how long after a reading there is the next one, while tokens come.
func (j *JWKS) due() time.Duration { return j.options.Refresh * 3 / 2 }

func (j *JWKS) find(ctx context.Context, id, method string) (keySet, error) {
	now, err := j.present(ctx)
	if err != nil {
		return nil, err
	}
	if found := now.keys.find(id, method); len(found) > 0 {
		return found, nil
	}
	if err := j.wait(ctx); err != nil {
		return nil, err
	}
	if now, err = j.present(ctx); err != nil {
		return nil, err
	}
	if found := now.keys.find(id, method); len(found) > 0 {
		return found, nil
	}
	if now.err != nil { // it may be a new key
		return nil, fmt.Errorf("%w: the key is not known, and the keys could not be read: %w", tenanthttp.ErrUnavailable, now.err)
	}
	return nil, noKey(id, method)
}

func (j *JWKS) renewed(ctx context.Context) bool { return j.wait(ctx) == nil }

// mayHold is of public keys alone: no others are taken of a document.
func (j *JWKS) mayHold(method string) bool { return !bySecret(method) }

func (j *JWKS) holds(ctx context.Context, key *Key) bool {
	now, err := j.present(ctx)
	return err == nil && slices.Contains(now.keys, key)
}
