package grow

import "fmt"

// SpecError is a name, column or block that cannot be what it was given for. Nothing was done.
type SpecError struct{ message string }

// Error says what is wrong, and what to write instead.
func (e *SpecError) Error() string { return e.message }

func spec(format string, args ...any) error { return &SpecError{fmt.Sprintf(format, args...)} }
