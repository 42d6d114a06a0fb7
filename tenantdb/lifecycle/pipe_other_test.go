//go:build !unix

package lifecycle_test

import "errors"

func makePipe(string) error { return errors.ErrUnsupported }
