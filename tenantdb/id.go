package tenantdb

import "fmt"

// MaxIDLength is the most bytes of an ID: a DNS label's (RFC 1035, 2.3.4).
const MaxIDLength = 63

// ID names a tenant. It is a value, made by [ParseID] only, so that any ID other
// than the zero one is safe as a file name and as a DNS label. IDs compare with ==.
type ID struct{ name string }

// ParseID returns the ID of that name: 1 to 63 of a–z, 0–9 and -, with no - at
// either end. Nothing is folded or trimmed: Acme is an error, not acme. Names that
// Windows keeps for devices, such as con and lpt1, are refused on every system.
// Errors are [ErrBadID].
func ParseID(name string) (ID, error) {
	bad := func(why string) (ID, error) {
		const most = 80
		if len(name) > most {
			name = name[:most] + "…"
		}
		return ID{}, &Error{Op: "parse tenant ID", Err: fmt.Errorf("%w: %q %s", ErrBadID, name, why),
			Hint: "IDs are 1 to 63 of a-z, 0-9 and -, not at the ends"}
	}
	switch {
	case name == "":
		return bad("is empty")
	case len(name) > MaxIDLength:
		return bad(fmt.Sprintf("has %d bytes", len(name)))
	case name[0] == '-' || name[len(name)-1] == '-':
		return bad("begins or ends with -")
	}
	for i := range len(name) {
		if c := name[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return bad(fmt.Sprintf("has the byte %q", c))
		}
	}
	if isDevice(name) {
		return bad("is the name of a device on Windows")
	}
	return ID{name}, nil
}

// isDevice reports whether Windows takes the file name for a device. See
// https://learn.microsoft.com/windows/win32/fileio/naming-a-file.
func isDevice(name string) bool {
	switch name {
	case "con", "prn", "aux", "nul":
		return true
	}
	return len(name) == 4 && (name[:3] == "com" || name[:3] == "lpt") && name[3] >= '0' && name[3] <= '9'
}

// String returns the name; of the zero ID it is empty.
func (id ID) String() string { return id.name }

// IsZero reports whether id is the zero ID, which names no tenant.
func (id ID) IsZero() bool { return id.name == "" }

// MarshalText returns the name, for job payloads and JSON. The zero ID is
// [ErrBadID].
func (id ID) MarshalText() ([]byte, error) {
	if id.IsZero() {
		return nil, &Error{Op: "encode tenant ID", Err: fmt.Errorf("%w: it is the zero ID", ErrBadID)}
	}
	return []byte(id.name), nil
}

// UnmarshalText is [ParseID].
func (id *ID) UnmarshalText(text []byte) error {
	parsed, err := ParseID(string(text))
	if err == nil {
		*id = parsed
	}
	return err
}
