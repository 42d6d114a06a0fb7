// Package own has types that are no values of SQLite, some of them with methods.
package own

// Point has no method, so it is neither read nor written.
type Point struct{ X, Y int }

// Tags is never read, and cannot be written.
type Tags map[string]string

// Colour can only be read.
type Colour struct{ name string }

// UnmarshalText implements encoding.TextUnmarshaler.
func (c *Colour) UnmarshalText(text []byte) error {
	c.name = string(text)
	return nil
}

// Level is one of Go's own kinds.
type Level int

// Area may have the methods of what it embeds.
type Area struct{ Shape }

// Shape is what an Area embeds.
type Shape interface{ Size() int }
