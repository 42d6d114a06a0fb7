package lifecycle

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/silokit/silo/tenantdb"
)

// ruleText is a rule as it is written down.
type ruleText struct {
	Tenant     string `json:"tenant"`
	Label      string `json:"label"` // name=value
	Interval   string `json:"interval"`
	Durability string `json:"durability"`
	KeepLast   int    `json:"keep_last"`
	KeepFor    string `json:"keep_for"`
}

// ParseRules reads rules that are written down as JSON, so that a service and the commands
// may have them from one file:
//
//	[
//	  {"label": "plan=pro", "interval": "1h", "keep_last": 24, "keep_for": "90d", "durability": "read-back"},
//	  {"interval": "24h", "keep_for": "30d"}
//	]
//
// All fields may be left out: tenant (an ID), label (name=value), interval and keep_for (as 90m, 36h
// or 30d), keep_last, and durability (stored or read-back). What is not so, a field of another
// name among it, is [ErrBadRule].
func ParseRules(text []byte) ([]BackupRule, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	var list []ruleText
	if err := decoder.Decode(&list); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBadRule, err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: something follows the list of rules", ErrBadRule)
	}
	rules := make([]BackupRule, len(list))
	for i, written := range list {
		r, err := written.rule()
		if err != nil {
			return nil, fmt.Errorf("rule %d: %w", i+1, err)
		}
		rules[i] = r
	}
	return rules, nil
}

func (w ruleText) rule() (r BackupRule, err error) {
	if w.Tenant != "" {
		if r.Tenant, err = tenantdb.ParseID(w.Tenant); err != nil {
			return r, fmt.Errorf("%w: its tenant: %w", ErrBadRule, err)
		}
	}
	if w.Label != "" {
		name, value, ok := strings.Cut(w.Label, "=")
		if !ok || name == "" {
			return r, fmt.Errorf("%w: its label is %q; write name=value", ErrBadRule, w.Label)
		}
		r.Label, r.Value = name, value
	}
	switch w.Durability {
	case "", BackupStored.String():
	case BackupReadBack.String():
		r.Durability = BackupReadBack
	default:
		return r, fmt.Errorf("%w: its durability is %q; write stored or read-back", ErrBadRule, w.Durability)
	}
	r.Retention.Last = w.KeepLast
	for _, span := range []struct {
		name, text string
		to         *time.Duration
	}{{"interval", w.Interval, &r.Interval}, {"keep_for", w.KeepFor, &r.Retention.For}} {
		if span.text == "" {
			continue
		}
		if *span.to, err = ParseSpan(span.text); err != nil {
			return r, fmt.Errorf("%w: its %s: %w", ErrBadRule, span.name, err)
		}
	}
	return r, r.check()
}

// errSpan is what is wrong with a text that is no time.
var errSpan = errors.New("write a time such as 90m, 36h or 30d")

// ParseSpan is [time.ParseDuration] for what is longer than nothing, with days: 30d.
func ParseSpan(text string) (time.Duration, error) {
	const day = 24 * time.Hour
	d, err := time.ParseDuration(text)
	if days, ok := strings.CutSuffix(text, "d"); ok {
		var n int64
		n, err = strconv.ParseInt(days, 10, 64)
		d = time.Duration(n) * day
		if err == nil && int64(d/day) != n {
			err = strconv.ErrRange
		}
	}
	if err != nil || d <= 0 {
		return 0, fmt.Errorf("%q: %w", text, errSpan)
	}
	return d, nil
}
