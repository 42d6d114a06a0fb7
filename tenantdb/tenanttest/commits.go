package tenanttest

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// commits is who else has written to databases, by their paths below a folder. It tells also where
// what was written was undone, which the pages do not.
type commits struct {
	conns    map[string]*sqlite.Conn
	versions map[string]int64
}

// watchCommits begins to watch databases, each by a connection, which close closes.
func watchCommits(ctx context.Context, folder string, databases []string) (c *commits, err error) {
	c = &commits{map[string]*sqlite.Conn{}, map[string]int64{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, c.close())
		}
	}()
	for _, path := range databases {
		conn, err := sqlite.Open(ctx, filepath.Join(folder, filepath.FromSlash(path)), openWait, sqlite.Config{Mode: sqlite.ReadOnly})
		if err != nil {
			return c, fmt.Errorf("%s: %w", path, err)
		}
		c.conns[path] = conn
		if c.versions[path], err = dataVersion(conn); err != nil {
			return c, fmt.Errorf("%s: %w", path, err)
		}
	}
	return c, nil
}

// dataVersion is a number that is another once somebody else has committed
// (https://www.sqlite.org/pragma.html#pragma_data_version).
func dataVersion(conn *sqlite.Conn) (version int64, err error) {
	err = conn.Query("PRAGMA data_version", func(row *sqlite.Stmt) { version = row.ColumnInt(0) })
	return version, err
}

// has reports whether somebody has committed to a database since the watch began. Of one that is not watched nobody has.
func (c *commits) has(path string) (bool, error) {
	conn, ok := c.conns[path]
	if !ok {
		return false, nil
	}
	version, err := dataVersion(conn)
	return version != c.versions[path], err
}

// close ends the watch.
func (c *commits) close() error {
	var errs []error
	for _, conn := range c.conns {
		errs = append(errs, conn.Close())
	}
	return errors.Join(errs...)
}
