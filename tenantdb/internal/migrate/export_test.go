package migrate

import "github.com/silokit/silo/tenantdb/internal/sqlite"

// Lacking returns how many migrations have run by what is read where a table was missing a
// moment ago, and whether both are there and begun.
func (s *Set) Lacking(conn *sqlite.Conn) (ran int, begun bool, err error) {
	rows, _, begun, err := s.lacking(conn)
	return len(rows), begun, err
}
