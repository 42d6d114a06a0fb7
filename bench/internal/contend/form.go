package contend

import (
	"fmt"
	"strings"
	"time"
)

// What follows writes rows in the form that all contenders' results are compared in. Of
// ids that a database gives, and of times, only their presence is compared: a shared
// database numbers the rows of all tenants.

func formConfig(key, value string, by *string, at time.Time) string {
	return join(key, value, text(by), presence(at))
}

func formModule(id, slug, name string, enabled bool, created, updated time.Time, description string) string {
	return join(id, slug, name, fmt.Sprint(enabled), presence(created), presence(updated), description)
}

func formEntry(actor, event, kind, id string, detail *string, at time.Time) string {
	return join(actor, event, kind, id, text(detail), presence(at))
}

func formVehicle(id int64, plate string, wheels int64, mass float64) string {
	return join(fmt.Sprint(id), plate, fmt.Sprint(wheels), fmt.Sprint(mass))
}

func formDriver(licence, name, phone string) string { return join(licence, name, phone) }

func formPosition(vehicle int64, latitude, longitude float64, speed int64, note *string, raw []byte) string {
	return join(fmt.Sprint(vehicle), fmt.Sprint(latitude), fmt.Sprint(longitude), fmt.Sprint(speed), text(note), string(raw))
}

// formAll writes a list, a line for each row.
func formAll[T any](rows []T, form func(*T) string) string {
	lines := make([]string, len(rows))
	for i := range rows {
		lines[i] = form(&rows[i])
	}
	return strings.Join(lines, "\n")
}

func join(fields ...string) string { return strings.Join(fields, "|") }

func text(s *string) string {
	if s == nil {
		return "NULL"
	}
	return *s
}

// presence says whether a time is one of this century, so not one that was misread.
func presence(t time.Time) string {
	if t.Year() < 2000 || t.Year() > 2100 {
		return "no time: " + t.String()
	}
	return "a time"
}
