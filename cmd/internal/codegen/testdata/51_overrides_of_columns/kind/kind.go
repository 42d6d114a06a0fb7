// Package kind has a type of the case's own.
package kind

// Kind is a named string.
type Kind string

// The kinds.
const (
	Admin Kind = "admin"
	Guest Kind = "guest"
)
