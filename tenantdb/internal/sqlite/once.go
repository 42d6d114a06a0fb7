package sqlite

// Once runs a statement of the runtime's own that is not run again on this connection,
// and calls scan on its first row, if there is one; found tells. Unlike what
// [Conn.QueryRow] runs it is not kept, which would take memory for as long as the
// connection is open.
func (c *Conn) Once(sql string, scan func(*Stmt)) (found bool, err error) {
	err = c.EachOnce(sql, func(s *Stmt) {
		if !found {
			scan(s)
		}
		found = true
	})
	return found, err
}

// EachOnce is Once with scan called on every row.
func (c *Conn) EachOnce(sql string, scan func(*Stmt)) error {
	return c.Trusted(func() error {
		s, err := c.Prepare(sql, 0)
		if err != nil {
			return err
		}
		defer s.Close()
		for {
			row, err := s.Step()
			if err != nil || !row {
				return err
			}
			scan(s)
		}
	})
}
