package contend

import (
	"context"
	"errors"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/silokit/silo/bench/internal/data"
	benchschema "github.com/silokit/silo/bench/schema"
	"github.com/silokit/silo/gen/tenant"
)

// Postgres is PostgreSQL with row-level security.
var Postgres = Contender{
	Name: "PostgreSQL",
	About: "PostgreSQL with row-level security over a local socket, pgx v5's pool; the tenant is set and the statement run " +
		"in one transaction and one round trip; synchronous_commit is off; processor time is the client's alone",
	Schemas: []Schema{Product},
	Crowd:   true,
	OneFile: true,
	Open: func(ctx context.Context, options Options) (Tenants, error) {
		server, err := startPostgres(ctx)
		if err != nil {
			return nil, err
		}
		t := &postgresTenants{server: server, rows: options.Rows}
		if t.admin, err = pgx.Connect(ctx, server.address("postgres")); err == nil {
			_, err = t.admin.Exec(ctx, benchschema.Postgres)
		}
		if err == nil {
			t.pool, err = pgxpool.New(ctx, server.address("app"))
		}
		if err != nil {
			return nil, errors.Join(err, t.Close())
		}
		return t, nil
	},
}

func postgresContenders() ([]Contender, string) {
	if _, _, err := postgresPrograms(); err != nil {
		return nil, Postgres.Name + ": " + err.Error()
	}
	return []Contender{Postgres}, ""
}

type postgresTenants struct {
	server *postgresServer
	admin  *pgx.Conn // bypasses row-level security
	pool   *pgxpool.Pool
	rows   int
	made   int
}

// Prepare implements [Tenants]. It makes all tenants at once: a second call must not ask
// for more.
func (p *postgresTenants) Prepare(ctx context.Context, n int) error {
	if n <= p.made {
		return nil
	}
	if p.made > 0 {
		return errNotHere
	}
	p.made = n
	t, err := p.Tenant(ctx, pattern)
	if err == nil {
		err = seed(t, p.rows)
	}
	for _, sql := range pgCopyPattern {
		if err == nil {
			_, err = p.admin.Exec(ctx, sql, n)
		}
	}
	if err == nil {
		_, err = p.admin.Exec(ctx, "VACUUM ANALYZE")
	}
	return err
}

// pgCopyPattern is copyPattern for PostgreSQL.
var pgCopyPattern = []string{
	"INSERT INTO modules SELECT t, id, slug, name, enabled, created_at, updated_at, description FROM modules, generate_series(0, $1::int - 1) AS t WHERE tenant_id = -1",
	"INSERT INTO config SELECT t, key, value, updated_by, updated_at FROM config, generate_series(0, $1::int - 1) AS t WHERE tenant_id = -1",
	"INSERT INTO audit_log (tenant_id, actor, event, subject_kind, subject_id, detail, created_at) " +
		"SELECT t, actor, event, subject_kind, subject_id, detail, created_at FROM audit_log, generate_series(0, $1::int - 1) AS t WHERE tenant_id = -1 ORDER BY id, t",
	"DELETE FROM modules WHERE tenant_id = -1 AND $1::int > 0",
	"DELETE FROM config WHERE tenant_id = -1 AND $1::int > 0",
	"DELETE FROM audit_log WHERE tenant_id = -1 AND $1::int > 0",
}

// Tenant implements [Tenants].
func (p *postgresTenants) Tenant(ctx context.Context, i int) (Tenant, error) {
	return &postgresProduct{ctx: ctx, pool: p.pool, tenant: strconv.Itoa(i)}, nil
}

// CountAll implements [Tenants], as a role that may see all rows.
func (p *postgresTenants) CountAll(ctx context.Context, _ int) (n int64, err error) {
	err = p.admin.QueryRow(ctx, data.CountAuditLog).Scan(&n)
	return n, err
}

// Close implements [Tenants].
func (p *postgresTenants) Close() (err error) {
	if p.pool != nil {
		p.pool.Close()
	}
	if p.admin != nil {
		err = p.admin.Close(context.Background())
	}
	return errors.Join(err, p.server.stop())
}

// postgresProduct is a tenant of the reference application. Rows are what Silo's are.
type postgresProduct struct {
	ctx    context.Context
	pool   *pgxpool.Pool
	tenant string

	last    Kind
	config  tenant.Config
	module  tenant.Module
	entries []tenant.AuditLog
	changed int64
}

const (
	pgUpdateConfig = "UPDATE config SET value = $1, updated_by = $2, updated_at = now() WHERE key = $3"
	pgSetConfig    = "INSERT INTO config (key, value, updated_by) VALUES ($1, $2, $3) ON CONFLICT (tenant_id, key) DO UPDATE SET value = excluded.value, updated_by = excluded.updated_by, updated_at = excluded.updated_at"
	pgGetConfig    = "SELECT key, value, updated_by, updated_at FROM config WHERE key = $1"
	pgGetModule    = "SELECT id, slug, name, enabled, created_at, updated_at, description FROM modules WHERE id = $1"
	pgAddModule    = "INSERT INTO modules (id, slug, name, description) VALUES ($1, $2, $3, $4)"
	pgList         = "SELECT id, actor, event, subject_kind, subject_id, detail, created_at FROM audit_log ORDER BY id DESC LIMIT $1"
	pgInsertEntry  = "INSERT INTO audit_log (actor, event, subject_kind, subject_id, detail) VALUES ($1, $2, $3, $4, $5)"
)

// send runs statements after the tenant is set. What is sent at once is one transaction,
// and set_config ends with it.
func (p *postgresProduct) send(queue func(*pgx.Batch)) error {
	batch := &pgx.Batch{}
	batch.Queue("SELECT set_config('bench.tenant', $1, true)", p.tenant)
	queue(batch)
	return p.pool.SendBatch(p.ctx, batch).Close()
}

// exec runs one statement and keeps how many rows it changed.
func (p *postgresProduct) exec(sql string, args ...any) error {
	return p.send(func(b *pgx.Batch) {
		b.Queue(sql, args...).Exec(func(tag pgconn.CommandTag) error {
			p.changed = tag.RowsAffected()
			return nil
		})
	})
}

func (p *postgresProduct) Point(i int) error {
	p.last = Point
	return p.send(func(b *pgx.Batch) {
		b.Queue(pgGetConfig, data.ConfigAt(i).Key).QueryRow(func(row pgx.Row) error {
			c := &p.config
			return row.Scan(&c.Key, &c.Value, &c.UpdatedBy, &c.UpdatedAt)
		})
	})
}

func (p *postgresProduct) Text(i int) error {
	p.last = Text
	return p.send(func(b *pgx.Batch) {
		b.Queue(pgGetModule, data.ModuleAt(i).ID).QueryRow(func(row pgx.Row) error {
			m := &p.module
			return row.Scan(&m.ID, &m.Slug, &m.Name, &m.Enabled, &m.CreatedAt, &m.UpdatedAt, &m.Description)
		})
	})
}

func (p *postgresProduct) List(rows int) error {
	p.last = List10
	return p.send(func(b *pgx.Batch) {
		b.Queue(pgList, rows).Query(func(rows pgx.Rows) error {
			p.entries = nil
			for rows.Next() {
				var e tenant.AuditLog
				if err := rows.Scan(&e.ID, &e.Actor, &e.Event, &e.SubjectKind, &e.SubjectID, &e.Detail, &e.CreatedAt); err != nil {
					return err
				}
				p.entries = append(p.entries, e)
			}
			return rows.Err()
		})
	})
}

func (p *postgresProduct) Count() (n int64, err error) {
	err = p.send(func(b *pgx.Batch) {
		b.Queue(data.CountAuditLog).QueryRow(func(row pgx.Row) error { return row.Scan(&n) })
	})
	return n, err
}

func (p *postgresProduct) Add(i int) error {
	p.last = Insert
	m := data.ModuleAt(i)
	return p.exec(pgAddModule, m.ID, m.Slug, m.Name, m.Description)
}

func (p *postgresProduct) Insert(i int) error {
	p.last = Insert
	e := data.EntryAt(i)
	return p.exec(pgInsertEntry, e.Actor, e.Event, e.SubjectKind, e.SubjectID, e.Detail)
}

func (p *postgresProduct) Update(i int) error {
	p.last = Update
	key, c := data.ConfigAt(i).Key, data.ConfigAt(data.ChangeAt(i))
	return p.exec(pgUpdateConfig, c.Value, c.UpdatedBy, key)
}

func (p *postgresProduct) Upsert(i int) error {
	p.last = Upsert
	key, c := data.ConfigAt(i).Key, data.ConfigAt(data.ChangeAt(i))
	return p.exec(pgSetConfig, key, c.Value, c.UpdatedBy)
}

func (p *postgresProduct) Bulk(i, rows int) error {
	p.last, p.changed = Bulk5, int64(rows)
	return p.send(func(b *pgx.Batch) {
		for row := range rows {
			e := data.EntryAt(i + row)
			b.Queue(pgInsertEntry, e.Actor, e.Event, e.SubjectKind, e.SubjectID, e.Detail)
		}
	})
}

func (p *postgresProduct) Last() string {
	switch p.last {
	case Point:
		c := &p.config
		return formConfig(c.Key, c.Value, c.UpdatedBy, c.UpdatedAt)
	case Text:
		m := &p.module
		return formModule(m.ID, m.Slug, m.Name, m.Enabled, m.CreatedAt, m.UpdatedAt, m.Description)
	case List10:
		return formAll(p.entries, func(e *tenant.AuditLog) string {
			return formEntry(e.Actor, e.Event, e.SubjectKind, e.SubjectID, e.Detail, e.CreatedAt)
		})
	default:
		return strconv.FormatInt(p.changed, 10)
	}
}

func (p *postgresProduct) Again() (Tenant, error) {
	return &postgresProduct{ctx: p.ctx, pool: p.pool, tenant: p.tenant}, nil
}

func (p *postgresProduct) Close() error { return nil }
