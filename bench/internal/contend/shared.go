package contend

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/silokit/silo/bench/internal/data"
	benchschema "github.com/silokit/silo/bench/schema"
	"github.com/silokit/silo/bench/stock/shared"
)

// Shared is one SQLite database for all tenants.
var Shared = Contender{
	Name:    "shared",
	About:   "one SQLite database for all tenants, every table with a tenant_id that leads its keys and indexes, the tenants' rows one between the others; stock sqlc output, prepared, on modernc.org/sqlite",
	Schemas: []Schema{Product},
	Crowd:   true,
	OneFile: true,
	Open:    openShared("shared", "CREATE INDEX audit_log_by_tenant ON audit_log (tenant_id, created_at, id)"),
}

// Naive is the same with the index that a tenant_id suggests.
var Naive = Contender{
	Name:    "shared naive",
	About:   "the same, its audit log with an index on tenant_id alone",
	Schemas: []Schema{Product},
	Crowd:   true,
	OneFile: true,
	Open:    openShared("naive", "CREATE INDEX audit_log_by_tenant ON audit_log (tenant_id)"),
}

func sharedContenders() ([]Contender, string) { return []Contender{Shared, Naive}, "" }

// sharedTenants are all tenants in one database.
type sharedTenants struct {
	options Options
	path    string
	index   string
	made    int
	db      *sql.DB
	q       *shared.Queries
}

func openShared(name, index string) func(context.Context, Options) (Tenants, error) {
	return func(_ context.Context, options Options) (Tenants, error) {
		return &sharedTenants{options: options, path: filepath.Join(options.Dir, name+".db"), index: index}, nil
	}
}

// Prepare implements [Tenants]. It makes all tenants at once: a second call must not ask
// for more.
func (s *sharedTenants) Prepare(ctx context.Context, n int) error {
	if n <= s.made {
		return nil
	}
	if s.made > 0 {
		return errNotHere
	}
	template := filepath.Join(s.options.Dir, fmt.Sprintf("shared-%d-%d.db", n, s.options.Rows))
	if _, err := os.Stat(template); err != nil {
		if err := makeShared(ctx, template, n, s.options.Rows); err != nil {
			return err
		}
	}
	content, err := os.ReadFile(template)
	if err != nil {
		return err
	}
	if err := os.WriteFile(s.path, content, 0o600); err != nil {
		return err
	}
	s.made = n
	if err := s.open(ctx); err != nil {
		return err
	}
	_, err = s.db.ExecContext(ctx, s.index)
	return err
}

func (s *sharedTenants) open(ctx context.Context) (err error) {
	if s.db, err = sql.Open("sqlite", stockName(s.path)); err != nil {
		return err
	}
	s.q, err = shared.Prepare(ctx, s.db)
	return err
}

// makeShared makes a database of n tenants, with no index on the audit log's tenants yet.
func makeShared(ctx context.Context, path string, n, rows int) (err error) {
	s := &sharedTenants{path: path + ".building"}
	db, err := sql.Open("sqlite", stockName(s.path))
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, benchschema.Shared)
	if err := errors.Join(err, db.Close()); err != nil {
		return err
	}
	if err := s.open(ctx); err != nil {
		return err
	}
	t, err := s.Tenant(ctx, pattern)
	if err == nil {
		err = seed(t, rows)
	}
	for _, sql := range copyPattern {
		if err == nil {
			_, err = s.db.ExecContext(ctx, sql, n)
		}
	}
	if err := errors.Join(err, s.Close()); err != nil {
		return err
	}
	return os.Rename(s.path, path)
}

// pattern is the number of a tenant whose rows the others' are copies of. It is removed.
const pattern = -1

// copyPattern gives tenants 0 to ?1 - 1 the pattern's rows. Those of the audit log lie
// between each other's, as they do where all tenants write all the time.
var copyPattern = []string{
	"WITH RECURSIVE t (id) AS (SELECT 0 UNION ALL SELECT id + 1 FROM t WHERE id < ?1 - 1) " +
		"INSERT INTO modules SELECT t.id, m.id, slug, name, enabled, created_at, updated_at, description FROM t, modules AS m WHERE m.tenant_id = -1",
	"WITH RECURSIVE t (id) AS (SELECT 0 UNION ALL SELECT id + 1 FROM t WHERE id < ?1 - 1) " +
		"INSERT INTO config SELECT t.id, key, value, updated_by, updated_at FROM t, config WHERE tenant_id = -1",
	"WITH RECURSIVE t (id) AS (SELECT 0 UNION ALL SELECT id + 1 FROM t WHERE id < ?1 - 1) " +
		"INSERT INTO audit_log (tenant_id, actor, event, subject_kind, subject_id, detail, created_at) " +
		"SELECT t.id, actor, event, subject_kind, subject_id, detail, created_at FROM audit_log AS a, t WHERE a.tenant_id = -1 ORDER BY a.id, t.id",
	"DELETE FROM modules WHERE tenant_id = -1 AND ?1",
	"DELETE FROM config WHERE tenant_id = -1 AND ?1",
	"DELETE FROM audit_log WHERE tenant_id = -1 AND ?1",
}

// Tenant implements [Tenants].
func (s *sharedTenants) Tenant(ctx context.Context, i int) (Tenant, error) {
	return &sharedProduct{ctx: ctx, db: s.db, q: s.q, tenant: int64(i)}, nil
}

// CountAll implements [Tenants]. It counts all tenants' rows, n being all tenants.
func (s *sharedTenants) CountAll(ctx context.Context, _ int) (int64, error) {
	return s.q.CountAuditLog(ctx)
}

// Close implements [Tenants].
func (s *sharedTenants) Close() error {
	if s.db == nil {
		return nil
	}
	var err error
	if s.q != nil {
		err = s.q.Close()
	}
	return errors.Join(err, s.db.Close())
}

// sharedProduct is a tenant of the reference application in a database of all.
type sharedProduct struct {
	ctx    context.Context
	db     *sql.DB
	q      *shared.Queries
	tenant int64

	last    Kind
	config  shared.GetConfigRow
	module  shared.GetModuleRow
	entries []shared.ListAuditLogRow
	changed int64
}

func (s *sharedProduct) Point(i int) (err error) {
	s.last = Point
	s.config, err = s.q.GetConfig(s.ctx, shared.GetConfigParams{TenantID: s.tenant, Key: data.ConfigAt(i).Key})
	return err
}

func (s *sharedProduct) Text(i int) (err error) {
	s.last = Text
	s.module, err = s.q.GetModule(s.ctx, shared.GetModuleParams{TenantID: s.tenant, ID: data.ModuleAt(i).ID})
	return err
}

func (s *sharedProduct) List(rows int) (err error) {
	s.last = List10
	s.entries, err = s.q.ListAuditLog(s.ctx, shared.ListAuditLogParams{TenantID: s.tenant, MaxRows: int64(rows)})
	return err
}

func (s *sharedProduct) Count() (int64, error) { return 0, errNotHere }

func (s *sharedProduct) Add(i int) error {
	s.last, s.changed = Insert, 1
	m := data.ModuleAt(i)
	_, err := s.q.CreateModule(s.ctx, shared.CreateModuleParams{TenantID: s.tenant, ID: m.ID, Slug: m.Slug, Name: m.Name, Description: m.Description})
	return err
}

func (s *sharedProduct) Insert(i int) error {
	s.last, s.changed = Insert, 1
	return s.insert(s.q, i)
}

func (s *sharedProduct) insert(q *shared.Queries, i int) error {
	e := data.EntryAt(i)
	return q.InsertAuditEntry(s.ctx, shared.InsertAuditEntryParams{
		TenantID: s.tenant, Actor: e.Actor, Event: e.Event, SubjectKind: e.SubjectKind, SubjectID: e.SubjectID, Detail: nullable(e.Detail),
	})
}

func (s *sharedProduct) Update(i int) (err error) {
	s.last = Update
	key, c := data.ConfigAt(i).Key, data.ConfigAt(data.ChangeAt(i))
	s.changed, err = s.q.UpdateConfigValue(s.ctx, shared.UpdateConfigValueParams{
		Value: c.Value, UpdatedBy: nullable(c.UpdatedBy), TenantID: s.tenant, Key: key,
	})
	return err
}

func (s *sharedProduct) Upsert(i int) error {
	s.last, s.changed = Upsert, 1
	key, c := data.ConfigAt(i).Key, data.ConfigAt(data.ChangeAt(i))
	return s.q.SetConfig(s.ctx, shared.SetConfigParams{TenantID: s.tenant, Key: key, Value: c.Value, UpdatedBy: nullable(c.UpdatedBy)})
}

func (s *sharedProduct) Bulk(i, rows int) error {
	s.last, s.changed = Bulk5, int64(rows)
	return inTransaction(s.ctx, s.db, func(tx *sql.Tx) error {
		q := s.q.WithTx(tx)
		for row := range rows {
			if err := s.insert(q, i+row); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *sharedProduct) Last() string {
	switch s.last {
	case Point:
		c := &s.config
		return formConfig(c.Key, c.Value, pointer(c.UpdatedBy), c.UpdatedAt)
	case Text:
		m := &s.module
		return formModule(m.ID, m.Slug, m.Name, m.Enabled, m.CreatedAt, m.UpdatedAt, m.Description)
	case List10:
		return formAll(s.entries, func(e *shared.ListAuditLogRow) string {
			return formEntry(e.Actor, e.Event, e.SubjectKind, e.SubjectID, pointer(e.Detail), e.CreatedAt)
		})
	default:
		return strconv.FormatInt(s.changed, 10)
	}
}

func (s *sharedProduct) Again() (Tenant, error) {
	return &sharedProduct{ctx: s.ctx, db: s.db, q: s.q, tenant: s.tenant}, nil
}

func (s *sharedProduct) Close() error { return nil }
