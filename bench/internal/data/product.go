// Package data is what the contenders write and read: the same rows for all of them, made
// beforehand, so that no time is spent on them; and the SQL of those who write it by hand.
package data

import "fmt"

// Variants is how many different rows there are of each table; row i is as row i+Variants.
const Variants = 64

// Config is a setting in the reference application.
type Config struct {
	Key, Value string
	UpdatedBy  *string
}

// Module is a module in the reference application.
type Module struct{ ID, Slug, Name, Description string }

// Entry is a row of the reference application's audit log.
type Entry struct {
	Actor, Event, SubjectKind, SubjectID string
	Detail                               *string
}

var (
	configs [Variants]Config
	modules [Variants]Module
	entries [Variants]Entry
	limits  [Variants]int
)

// ConfigAt returns setting i.
func ConfigAt(i int) *Config { return &configs[i%Variants] }

// ModuleAt returns module i.
func ModuleAt(i int) *Module { return &modules[i%Variants] }

// EntryAt returns entry i of the audit log.
func EntryAt(i int) *Entry { return &entries[i%Variants] }

// LimitAt returns how many rows are asked for at call i, where that varies: 5 to 15.
func LimitAt(i int) int { return limits[i%Variants] }

// ChangeAt returns the number of the row whose values update or upsert i writes: others than
// the last time for the same key, for SQLite does not write what is there already. They
// repeat after 2*Variants.
func ChangeAt(i int) int { return i%Variants + i/Variants%2 }

var _ = fill()

func fill() bool {
	for i := range Variants {
		user := fmt.Sprintf("user-%02d@example.com", i)
		configs[i] = Config{fmt.Sprintf("notifications.channel-%02d", i), fmt.Sprintf("value %02d, about as long as most are", i), &user}
		modules[i] = Module{fmt.Sprintf("module-%02d", i), fmt.Sprintf("slug-%02d", i), fmt.Sprintf("Module No. %02d", i), fmt.Sprintf("What module %02d does, in a sentence.", i)}
		entries[i] = Entry{user, "config.updated", "config", configs[i].Key, nil}
		if i%2 == 0 {
			detail := fmt.Sprintf(`{"from": "de", "to": "en", "step": %d}`, i)
			entries[i].Detail = &detail
		}
		limits[i] = 5 + i*7%11
	}
	fillFleet()
	return true
}

// The reference application's statements, for those who write them by hand.
const (
	GetConfig         = "SELECT key, value, updated_by, updated_at FROM config WHERE key = ?1"
	GetModule         = "SELECT id, slug, name, enabled, created_at, updated_at, description FROM modules WHERE id = ?1"
	CreateModule      = "INSERT INTO modules (id, slug, name, description) VALUES (?1, ?2, ?3, ?4) RETURNING id, slug, name, enabled, created_at, updated_at, description"
	ListAuditLog      = "SELECT id, actor, event, subject_kind, subject_id, detail, created_at FROM audit_log ORDER BY id DESC LIMIT ?1"
	InsertAuditEntry  = "INSERT INTO audit_log (actor, event, subject_kind, subject_id, detail) VALUES (?1, ?2, ?3, ?4, ?5)"
	UpdateConfigValue = "UPDATE config SET value = ?1, updated_by = ?2, updated_at = strftime('%Y-%m-%d %H:%M:%f', 'now') WHERE key = ?3"
	SetConfig         = "INSERT INTO config (key, value, updated_by) VALUES (?1, ?2, ?3) ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_by = excluded.updated_by, updated_at = excluded.updated_at"
	CountAuditLog     = "SELECT count(*) FROM audit_log"
)

// TimeFormat is how the reference application writes times.
const TimeFormat = "2006-01-02 15:04:05.000"
