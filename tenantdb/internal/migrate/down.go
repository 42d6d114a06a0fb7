package migrate

import "strings"

// Down is what undoes a migration.
type Down struct {
	Line  int   // that of `-- +goose Down`, or 0 if there is none
	Empty bool  // there is no statement in it
	units []int // the line that each text of it which goose runs begins on
}

// ReadDown returns what a migration says of its Down.
func (m Migration) ReadDown() (Down, error) {
	lines := strings.Split(m.text, "\n")
	for i, line := range lines {
		if strings.TrimRight(line, " \t\r") != "-- +goose Down" {
			lines[i] = "" // of the Up, which is read by those who run it
			continue
		}
		// Read as an Up, a Down tells its lines in the same way.
		lines[i] = "-- +goose Up"
		read, err := parse(m.Name, strings.Join(lines, "\n"))
		if err != nil {
			return Down{}, err
		}
		return Down{Line: i + 1, Empty: len(read.units) == 0, units: read.units}, nil
	}
	return Down{Empty: true}, nil
}
