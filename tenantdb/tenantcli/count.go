package tenantcli

import "fmt"

// failedResult is the result of one of several that failed.
const failedResult = "failed"

// count is how many of several succeeded and failed.
type count struct{ good, bad int }

// failed counts and prints the error of one of several.
func (s *session) failed(c *count, err error) {
	c.bad++
	PrintError(s.cmd.ErrOrStderr(), s.cmd.Root().Name(), s.advise(s.cmd.Context(), err))
}

// note counts one of several whose error is printed elsewhere.
func (c *count) note(err error) {
	if err != nil {
		c.bad++
		return
	}
	c.good++
}

// result is what a command on several ends with.
func (c count) result() error {
	if c.bad == 0 {
		return nil
	}
	return &codedError{code: ExitPartial, err: fmt.Errorf("%d of %d failed", c.bad, c.good+c.bad)}
}
