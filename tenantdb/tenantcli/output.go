package tenantcli

import (
	"encoding/json"
	"fmt"
	"time"
)

// print prints one record: as an object on a line of its own, or as text.
func (s *session) print(record any, text string) error {
	out := s.cmd.OutOrStdout()
	if !s.json {
		_, err := fmt.Fprintln(out, text)
		return err
	}
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(record)
}

// done is what a command that changes one tenant prints.
type done struct {
	Operation string `json:"operation"`
	Tenant    string `json:"tenant"`
	DryRun    bool   `json:"dry_run"`
	Result    string `json:"result"` // what was, or would be, done; in a word
}

// did prints a done.
func (s *session) did(w *writing, operation, tenant, result string) error {
	text := fmt.Sprintf("%s %s", result, tenant)
	if w.dryRun {
		text = "would be " + text
	}
	return s.print(done{operation, tenant, w.dryRun, result}, text)
}

// size returns bytes for people.
func size(bytes int64) string {
	const unit = 1024
	if bytes < unit {
		return fmt.Sprintf("%d B", bytes)
	}
	value, units := float64(bytes)/unit, "KMGTP"
	i := 0
	for value >= unit && i < len(units)-1 {
		value, i = value/unit, i+1
	}
	return fmt.Sprintf("%.1f %ciB", value, units[i])
}

// stamp returns a time as commands print it, or nil for the zero time.
func stamp(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	text := t.UTC().Format(time.RFC3339)
	return &text
}
