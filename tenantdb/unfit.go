package tenantdb

import (
	"errors"
	"fmt"
)

// ErrUnfit is returned by Adopt and Restore for a file that they do not make a tenant of.
// The error says why, and is ErrCorrupt, ErrNotADatabase, ErrWrongSchema, ErrWrongTenant,
// ErrSchemaAhead or ErrSchemaDiverged besides, where it is one. Nothing was changed.
var ErrUnfit = errors.New("the file is refused")

func unfit(format string, args ...any) error {
	return fmt.Errorf("%w: %w", ErrUnfit, fmt.Errorf(format, args...))
}
