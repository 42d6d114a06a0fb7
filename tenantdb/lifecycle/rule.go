package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// BackupRule says how the tenants that it fits are backed up: how often, how surely, and
// which of their backups are kept. Of several rules the first that fits a tenant counts. A tenant
// that none fits is as by the zero rule: always due, and all its backups are kept.
type BackupRule struct {
	// Tenant, and Label with Value, say whom the rule fits: that tenant, and those with a label
	// of that value. What is left out fits everybody. Tenants that the catalog does
	// not know have no labels; the global database is fitted by rules that name nobody.
	Tenant       tenantdb.ID
	Label, Value string

	// Interval is how long ago the last backup must have been taken for the tenant to be due.
	// Zero means that it always is.
	Interval time.Duration

	// Durability says what must be so before a backup counts as taken. Defaults to
	// BackupStored.
	Durability BackupDurability

	// Retention says which backups are kept. Zero means all.
	Retention Retention
}

// BackupDurability says what must be so before a backup counts as taken.
type BackupDurability int

// What must be so. In any case SQLite has checked the copy, its SHA-256 is known and it is
// on the disk before the Target gets it, and its manifest is put last.
const (
	// BackupStored: the Target has said that it has the copy. With a [Folder] it is on that disk
	// then, and so is its name.
	BackupStored BackupDurability = iota

	// BackupReadBack: moreover all of it was read from the Target again and is what was put
	// there. It costs reading each backup once more, and is for Targets that are not to
	// be taken at their word: another machine's disk, object storage.
	BackupReadBack
)

// String returns the name of the durability, as [ParseRules] reads it.
func (d BackupDurability) String() string {
	switch d {
	case BackupStored:
		return "stored"
	case BackupReadBack:
		return "read-back"
	}
	return fmt.Sprintf("BackupDurability(%d)", int(d))
}

// fits reports whether the rule is for the tenant.
func (r BackupRule) fits(t catalog.Tenant) bool {
	if !r.Tenant.IsZero() && r.Tenant != t.ID {
		return false
	}
	return hasLabel(t, r.Label, r.Value)
}

// hasLabel reports whether the tenant has the label of that value, as every tenant has that without a
// name.
func hasLabel(t catalog.Tenant, name, value string) bool {
	have, ok := t.Labels[name]
	return name == "" || ok && have == value
}

// ruleFor returns the rule that counts for the tenant, or with the zero ID for the global database.
func (m *Manager[S]) ruleFor(ctx context.Context, rules []BackupRule, id tenantdb.ID) (BackupRule, error) {
	if len(rules) == 0 {
		return BackupRule{}, nil
	}
	t := catalog.Tenant{ID: id}
	if !id.IsZero() {
		known, err := m.catalog.Get(ctx, id)
		switch {
		case err == nil:
			t = known
		case !errors.Is(err, catalog.ErrNotRegistered):
			return BackupRule{}, err
		}
	}
	return ruleOf(rules, t), nil
}

func ruleOf(rules []BackupRule, t catalog.Tenant) BackupRule {
	for _, r := range rules {
		if r.fits(t) {
			return r
		}
	}
	return BackupRule{}
}

// dueAt returns when the tenant whose last backup was taken then is due, and the zero time if
// it is now: always, never backed up, or last at a time that the clock has not reached, so that
// it was set back.
func (r BackupRule) dueAt(last, now time.Time) time.Time {
	at := last.Add(r.Interval)
	if r.Interval <= 0 || last.IsZero() || last.After(now) || !at.After(now) {
		return time.Time{}
	}
	return at
}

// checkRules fails with ErrBadRule for rules that say nothing sensible.
func checkRules(rules []BackupRule) error {
	for i, r := range rules {
		if err := r.check(); err != nil {
			return fmt.Errorf("rule %d: %w", i+1, err)
		}
	}
	return nil
}

func (r BackupRule) check() error {
	switch {
	case r.Label == "" && r.Value != "":
		return fmt.Errorf("%w: it has the value %q of no label", ErrBadRule, r.Value)
	case r.Interval < 0:
		return fmt.Errorf("%w: its interval is %v", ErrBadRule, r.Interval)
	case r.Durability != BackupStored && r.Durability != BackupReadBack:
		return fmt.Errorf("%w: there is no durability %d", ErrBadRule, int(r.Durability))
	case r.Retention.Last < 0 || r.Retention.For < 0:
		return fmt.Errorf("%w: it keeps %d backups, and those of the last %v", ErrBadRule, r.Retention.Last, r.Retention.For)
	}
	return nil
}
