package migrate

import "slices"

// UpTo returns the first migrations of the set, up to that of the version. There must be
// one of it.
func (s *Set) UpTo(version int64) *Set {
	n := slices.IndexFunc(s.Migrations, func(m Migration) bool { return m.Version == version })
	upTo := *s
	upTo.Migrations = s.Migrations[:n+1]
	return &upTo
}

// Before returns the number of the set's migration before that of the version, or 0.
func (s *Set) Before(version int64) (before int64) {
	for _, m := range s.Migrations {
		if m.Version < version {
			before = m.Version
		}
	}
	return before
}
