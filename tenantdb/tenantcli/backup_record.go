package tenantcli

import (
	"fmt"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

// backupRecord is a backup as it is printed.
type backupRecord struct {
	Tenant        string  `json:"tenant"`
	Sequence      int64   `json:"sequence"`
	TakenAt       *string `json:"taken_at"`
	SizeBytes     int64   `json:"size_bytes"`
	SchemaVersion int64   `json:"schema_version"`
	SHA256        string  `json:"sha256"`
	Reason        string  `json:"reason,omitempty"`
}

func backupOf(b lifecycle.Backup) backupRecord {
	return backupRecord{
		Tenant: ownerName(b.Database.Tenant), Sequence: b.Sequence, TakenAt: stamp(b.Database.Taken),
		SizeBytes: b.Database.Size, SchemaVersion: b.Database.SchemaVersion, SHA256: b.Database.SHA256, Reason: b.Reason,
	}
}

// ownerName returns whose backups are meant: a tenant's ID, or what is printed for the global
// database, which is no ID.
func ownerName(id tenantdb.ID) string {
	if id.IsZero() {
		return "global.db"
	}
	return id.String()
}

// text returns the line that is printed of a backup.
func (b backupRecord) text() string {
	taken := "-"
	if b.TakenAt != nil {
		taken = *b.TakenAt
	}
	line := fmt.Sprintf("%s  %6d  %s  %s", pad(b.Tenant, 24), b.Sequence, taken, size(b.SizeBytes))
	if b.Reason != "" {
		line += "  " + clean(b.Reason)
	}
	return line
}

// ofBackup is what commands on several backups print of each: what became of it.
type ofBackup struct {
	backupRecord
	DryRun bool   `json:"dry_run"`
	Result string `json:"result"`
	Error  string `json:"error,omitempty"`
}

// report prints what became of one of several backups, and counts it.
func (s *session) report(w *writing, c *count, b backupRecord, result string, err error) error {
	record, line := ofBackup{b, w.dryRun, result, ""}, b.Tenant
	if b.Sequence > 0 { // there is one
		line = b.text()
	}
	if err != nil {
		record.Result, record.Error = failedResult, err.Error()
		s.failed(c, err)
	} else {
		c.good++
	}
	text := pad(record.Result, 10) + "  " + line
	if w.dryRun && err == nil {
		text = "would be " + text
	}
	return s.print(record, text)
}
