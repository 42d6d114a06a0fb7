package worker

import (
	"errors"
	"fmt"
)

var (
	// ErrFull is returned when as much work waits as may. The work was not taken: give it
	// again later, or leave it in its queue.
	ErrFull = errors.New("too much work waits")

	// ErrClosed is returned for work that is given after Close.
	ErrClosed = errors.New("the worker pool is closed")

	// ErrNested is returned at once when Do is called with the context of a tenant's work, or
	// one made of it, also by the work of another Pool: the call would wait for its own end.
	ErrNested = errors.New("the context is of work that this pool runs")

	// ErrGoexit is returned for work that has ended its goroutine by runtime.Goexit.
	ErrGoexit = errors.New("the work ended its goroutine")
)

// PanicError is what work has panicked with.
type PanicError struct {
	Value any    // what was given to panic
	Stack []byte // of the goroutine, as runtime/debug.Stack returns it
}

// Error says what was panicked with, without the stack.
func (e *PanicError) Error() string { return fmt.Sprintf("the work panicked: %v", e.Value) }

// Unwrap returns the value, if it is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}
