// Package money has types that read and write themselves.
package money

import (
	"database/sql/driver"
	"encoding/hex"
	"fmt"
)

// Cents is an amount that is stored as text with two digits behind the point.
type Cents int64

// Value implements driver.Valuer.
func (c Cents) Value() (driver.Value, error) {
	return fmt.Sprintf("%d.%02d", int64(c)/100, int64(c)%100), nil
}

// Scan implements sql.Scanner.
func (c *Cents) Scan(src any) error {
	text, ok := src.(string)
	if !ok {
		return fmt.Errorf("money: cannot read %T", src)
	}
	var whole, part int64
	if _, err := fmt.Sscanf(text, "%d.%d", &whole, &part); err != nil {
		return fmt.Errorf("money: %q: %w", text, err)
	}
	*c = Cents(whole*100 + part)
	return nil
}

// ID is stored as a BLOB.
type ID [4]byte

// Value implements driver.Valuer.
func (id ID) Value() (driver.Value, error) { return id[:], nil }

// Scan implements sql.Scanner.
func (id *ID) Scan(src any) error {
	data, ok := src.([]byte)
	if !ok || len(data) != len(id) {
		return fmt.Errorf("money: cannot read an ID from %T", src)
	}
	copy(id[:], data)
	return nil
}

// MarshalText writes the ID into JSON.
func (id ID) MarshalText() ([]byte, error) { return []byte(hex.EncodeToString(id[:])), nil }

// State is stored as the text that it marshals to.
type State struct{ open bool }

// Open is the state of an open account.
var Open = State{open: true}

// MarshalText implements encoding.TextMarshaler.
func (s State) MarshalText() ([]byte, error) {
	if s.open {
		return []byte("open"), nil
	}
	return []byte("closed"), nil
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (s *State) UnmarshalText(text []byte) error {
	s.open = string(text) == "open"
	return nil
}
