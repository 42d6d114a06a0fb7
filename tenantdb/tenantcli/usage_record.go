package tenantcli

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/silokit/silo/tenantdb/catalog"
)

// busy is a tenant as top prints it.
type busy struct {
	ID          string `json:"id"`
	DisplayName string `json:"display_name"`
	State       string `json:"state"`
	Calls       int64  `json:"calls"`
	Errors      int64  `json:"errors"`
	Slow        int64  `json:"slow"`
	SizeBytes   int64  `json:"size_bytes"`
}

func busyOf(u catalog.TenantUsage) busy {
	return busy{ID: u.Tenant.String(), DisplayName: u.DisplayName, State: string(u.State), Calls: u.Calls, Errors: u.Errors, Slow: u.Slow, SizeBytes: u.Size}
}

// topHead is above the table.
var topHead = strings.Join([]string{pad("TENANT", 24), pad("STATE", 12), left("CALLS", 10), left("ERRORS", 8), left("SLOW", 8), left("SIZE", 10)}, "  ")

func (r busy) text(t *terminal) string { return r.line(t, 0) }

// line is the text, of so many columns at most; 0 for as many as it needs.
func (r busy) line(t *terminal, width int) string {
	size, colour := sizeOr(r.SizeBytes), ""
	if r.Errors > 0 {
		colour = red
	}
	id, state := pad(r.ID, 24), pad(r.State, 12)
	numbers := strings.Join([]string{left(fmt.Sprint(r.Calls), 10), left(fmt.Sprint(r.Errors), 8), left(fmt.Sprint(r.Slow), 8), left(size, 10)}, "  ")
	if row := id + "  " + state + "  " + numbers; width > 0 && len([]rune(row)) > width {
		return cut(row, width) // without colours, which take no columns and are cut in two
	}
	return id + "  " + t.paint(colourOf(r.State), state) + "  " + t.paint(colour, numbers)
}

// left makes a text at least so wide, by blanks before it.
func left(text string, width int) string { return fmt.Sprintf("%*s", width, text) }

// cut returns at most so many characters of a text.
func cut(text string, width int) string {
	if runes := []rune(text); len(runes) > width {
		return string(runes[:width])
	}
	return text
}

// sizeOr is size, for what may never have been looked at.
func sizeOr(bytes int64) string {
	if bytes == 0 {
		return "-"
	}
	return size(bytes)
}

// totals are all tenants together as stats prints them.
type totals struct {
	Tenants   int            `json:"tenants"`
	States    map[string]int `json:"states"`
	SizeBytes int64          `json:"size_bytes"`
	Since     *string        `json:"since"`
	By        string         `json:"by"`
	Calls     int64          `json:"calls"`
	Errors    int64          `json:"errors"`
	Slow      int64          `json:"slow"`
	Spans     []span         `json:"spans"`
}

// span is an hour or a day of all tenants.
type span struct {
	From    *string `json:"from"`
	Tenants int     `json:"tenants"` // that were called
	Calls   int64   `json:"calls"`
	Errors  int64   `json:"errors"`
	Slow    int64   `json:"slow"`
}

func totalsOf(t catalog.Totals, since time.Time, by string) totals {
	r := totals{States: map[string]int{}, SizeBytes: t.Size, Since: stamp(since), By: by, Spans: []span{}}
	for state, n := range t.States {
		r.States[string(state)] = n
		r.Tenants += n
	}
	for _, one := range t.Spans {
		r.Spans = append(r.Spans, span{stamp(one.From), one.Tenants, one.Calls, one.Errors, one.Slow})
		r.Calls, r.Errors, r.Slow = r.Calls+one.Calls, r.Errors+one.Errors, r.Slow+one.Slow
	}
	return r
}

func (r totals) text(t *terminal) string {
	var states []string
	for state := range r.States {
		states = append(states, state)
	}
	slices.SortFunc(states, func(a, b string) int {
		return cmp.Or(cmp.Compare(r.States[b], r.States[a]), cmp.Compare(a, b))
	})
	for i, state := range states {
		states[i] = t.paint(colourOf(state), fmt.Sprintf("%s %d", state, r.States[state]))
	}
	lines := []string{
		strings.TrimRight(fmt.Sprintf("tenants: %d  %s", r.Tenants, strings.Join(states, ", ")), " "),
		"size: " + sizeOr(r.SizeBytes),
	}
	row := func(from, tenants, calls, errors, slow string) {
		lines = append(lines, strings.Join([]string{pad(from, 20), left(tenants, 8), left(calls, 12), left(errors, 8), left(slow, 8)}, "  "))
	}
	row(strings.ToUpper(r.By), "CALLED", "CALLS", "ERRORS", "SLOW")
	for _, one := range r.Spans {
		row(*one.From, fmt.Sprint(one.Tenants), fmt.Sprint(one.Calls), fmt.Sprint(one.Errors), fmt.Sprint(one.Slow))
	}
	row("all", "", fmt.Sprint(r.Calls), fmt.Sprint(r.Errors), fmt.Sprint(r.Slow))
	return strings.Join(lines, "\n")
}
