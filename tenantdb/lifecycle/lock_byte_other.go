//go:build !linux

package lifecycle

import (
	"context"
	"errors"

	"github.com/silokit/silo/tenantdb"
)

// takeBytes would lock bytes of a file, which other systems lock for the process and not for who has opened it.
func (locks) takeBytes(context.Context, patience, []tenantdb.ID) (release func(), err error) {
	return nil, errors.ErrUnsupported
}
