package migrate

import "github.com/silokit/silo/tenantdb/internal/sqlite"

// ApplicationVersion returns the number of the last migration of an application's set that has run
// on the database of conn, and CatalogVersion that of the catalog's; 0 means that none has.
func ApplicationVersion(conn *sqlite.Conn) (int64, error) {
	return (&Set{tables: applicationTables()}).Version(conn)
}

// CatalogVersion is ApplicationVersion for the catalog's migrations.
func CatalogVersion(conn *sqlite.Conn) (int64, error) {
	return (&Set{tables: catalogTables()}).Version(conn)
}

// Version returns the number of the last migration that has run on the database of conn,
// of this set or another with its table; 0 means that none has.
func (s *Set) Version(conn *sqlite.Conn) (int64, error) {
	rows, _, err := s.history(conn)
	return last(rows), err
}

// Standing is Version and Pending in one look. With an error of Pending the version is that of
// the database.
func (s *Set) Standing(conn *sqlite.Conn) (version int64, pending int, err error) {
	rows, _, err := s.history(conn)
	if err != nil {
		return 0, 0, err
	}
	pending, err = s.pending(rows)
	return last(rows), pending, err
}
