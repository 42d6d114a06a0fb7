package contend

import (
	"errors"
	"strconv"
	"time"

	"zombiezen.com/go/sqlite"

	"github.com/silokit/silo/bench/internal/data"
	"github.com/silokit/silo/gen/tenant"
)

// zombieProduct is a tenant of the reference application. Rows are what Silo's are.
type zombieProduct struct {
	zombie
	config  tenant.Config
	module  tenant.Module
	entries []tenant.AuditLog
	changed int
}

func (z *zombieProduct) Point(i int) error {
	z.last = Point
	stmt, err := z.conn.Prepare(data.GetConfig)
	if err != nil {
		return err
	}
	stmt.BindText(1, data.ConfigAt(i).Key)
	return step(stmt, func(stmt *sqlite.Stmt) (err error) {
		c := &z.config
		c.Key = stmt.ColumnText(0)
		c.Value = stmt.ColumnText(1)
		c.UpdatedBy = columnNullable(stmt, 2)
		c.UpdatedAt, err = time.Parse(data.TimeFormat, stmt.ColumnText(3))
		return err
	})
}

func (z *zombieProduct) Text(i int) error {
	z.last = Text
	stmt, err := z.conn.Prepare(data.GetModule)
	if err != nil {
		return err
	}
	stmt.BindText(1, data.ModuleAt(i).ID)
	return step(stmt, z.scanModule)
}

func (z *zombieProduct) scanModule(stmt *sqlite.Stmt) error {
	m := &z.module
	m.ID = stmt.ColumnText(0)
	m.Slug = stmt.ColumnText(1)
	m.Name = stmt.ColumnText(2)
	m.Enabled = stmt.ColumnBool(3)
	var err1, err2 error
	m.CreatedAt, err1 = time.Parse(data.TimeFormat, stmt.ColumnText(4))
	m.UpdatedAt, err2 = time.Parse(data.TimeFormat, stmt.ColumnText(5))
	m.Description = stmt.ColumnText(6)
	return errors.Join(err1, err2)
}

func (z *zombieProduct) List(rows int) error {
	z.last = List10
	stmt, err := z.conn.Prepare(data.ListAuditLog)
	if err != nil {
		return err
	}
	stmt.BindInt64(1, int64(rows))
	z.entries = nil
	for {
		found, err := stmt.Step()
		if err != nil {
			return errors.Join(err, stmt.Reset())
		}
		if !found {
			return stmt.Reset()
		}
		e := tenant.AuditLog{
			ID:          stmt.ColumnInt64(0),
			Actor:       stmt.ColumnText(1),
			Event:       stmt.ColumnText(2),
			SubjectKind: stmt.ColumnText(3),
			SubjectID:   stmt.ColumnText(4),
			Detail:      columnNullable(stmt, 5),
		}
		if e.CreatedAt, err = time.Parse(data.TimeFormat, stmt.ColumnText(6)); err != nil {
			return errors.Join(err, stmt.Reset())
		}
		z.entries = append(z.entries, e)
	}
}

func (z *zombieProduct) Count() (int64, error) { return z.count(data.CountAuditLog) }

func (z *zombieProduct) Add(i int) error {
	z.last = Text
	stmt, err := z.conn.Prepare(data.CreateModule)
	if err != nil {
		return err
	}
	m := data.ModuleAt(i)
	stmt.BindText(1, m.ID)
	stmt.BindText(2, m.Slug)
	stmt.BindText(3, m.Name)
	stmt.BindText(4, m.Description)
	return step(stmt, z.scanModule)
}

func (z *zombieProduct) Insert(i int) error {
	z.last, z.changed = Insert, 1
	return z.insert(i)
}

func (z *zombieProduct) insert(i int) error {
	stmt, err := z.conn.Prepare(data.InsertAuditEntry)
	if err != nil {
		return err
	}
	e := data.EntryAt(i)
	stmt.BindText(1, e.Actor)
	stmt.BindText(2, e.Event)
	stmt.BindText(3, e.SubjectKind)
	stmt.BindText(4, e.SubjectID)
	bindNullable(stmt, 5, e.Detail)
	return step(stmt, nil)
}

func (z *zombieProduct) Update(i int) error {
	z.last = Update
	stmt, err := z.conn.Prepare(data.UpdateConfigValue)
	if err != nil {
		return err
	}
	key, c := data.ConfigAt(i).Key, data.ConfigAt(data.ChangeAt(i))
	stmt.BindText(1, c.Value)
	bindNullable(stmt, 2, c.UpdatedBy)
	stmt.BindText(3, key)
	err = step(stmt, nil)
	z.changed = z.conn.Changes()
	return err
}

func (z *zombieProduct) Upsert(i int) error {
	z.last, z.changed = Upsert, 1
	stmt, err := z.conn.Prepare(data.SetConfig)
	if err != nil {
		return err
	}
	key, c := data.ConfigAt(i).Key, data.ConfigAt(data.ChangeAt(i))
	stmt.BindText(1, key)
	stmt.BindText(2, c.Value)
	bindNullable(stmt, 3, c.UpdatedBy)
	return step(stmt, nil)
}

func (z *zombieProduct) Bulk(i, rows int) error {
	z.last, z.changed = Bulk5, rows
	return z.bulk(i, rows, z.insert)
}

func (z *zombieProduct) Last() string {
	switch z.last {
	case Point:
		c := &z.config
		return formConfig(c.Key, c.Value, c.UpdatedBy, c.UpdatedAt)
	case Text:
		m := &z.module
		return formModule(m.ID, m.Slug, m.Name, m.Enabled, m.CreatedAt, m.UpdatedAt, m.Description)
	case List10:
		return formAll(z.entries, func(e *tenant.AuditLog) string {
			return formEntry(e.Actor, e.Event, e.SubjectKind, e.SubjectID, e.Detail, e.CreatedAt)
		})
	default:
		return strconv.Itoa(z.changed)
	}
}
