package tenantjwt

import (
	"log/slog"
	"slices"
	"time"
)

// reading is what is known of the document. It does not change.
type reading struct {
	keys   keySet
	leaked int       // keys of the document that should not be in one
	ended  time.Time // the last reading, whether it succeeded or not
	err    error     // why it did not
	read   time.Time // when the last began that did
}

// merge returns the keys; those that were there before are the same values as before.
func merge(before keySet, keys []Key) keySet {
	var now keySet
	for _, k := range keys {
		at := slices.IndexFunc(before, func(old *Key) bool { return old.same(&k) })
		if at >= 0 {
			now = append(now, before[at])
		} else {
			now = append(now, &k)
		}
	}
	return now
}

// tell logs which keys have come and gone.
func (j *JWKS) tell(before, now *reading) {
	if now.leaked > before.leaked {
		j.options.Logger.Warn("tenantjwt: the document has secrets or private keys, with which whoever reads it can sign; they do not count",
			slog.String("url", j.source.url), slog.Int("keys", now.leaked))
	}
	for _, k := range now.keys {
		if !slices.Contains(before.keys, k) {
			j.options.Logger.Info("tenantjwt: a key has come", slog.String("url", j.source.url), slog.String("key", k.ID))
		}
	}
	for _, k := range before.keys {
		if !slices.Contains(now.keys, k) {
			j.options.Logger.Info("tenantjwt: a key has gone", slog.String("url", j.source.url), slog.String("key", k.ID))
		}
	}
}
