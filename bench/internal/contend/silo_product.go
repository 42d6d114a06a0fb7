package contend

import (
	"context"
	"errors"
	"strconv"

	"github.com/silokit/silo/bench/internal/data"
	"github.com/silokit/silo/gen/tenant"
)

// siloProduct is a tenant of the reference application.
type siloProduct struct {
	ctx context.Context
	db  *tenant.DB
	q   *tenant.Queries

	last    Kind
	config  tenant.Config
	module  tenant.Module
	entries []tenant.AuditLog
	changed int64
}

func newSiloProduct(ctx context.Context, db *tenant.DB) Tenant {
	return &siloProduct{ctx: ctx, db: db, q: tenant.New(db)}
}

func (s *siloProduct) Point(i int) (err error) {
	s.last = Point
	s.config, err = s.q.GetConfig(s.ctx, data.ConfigAt(i).Key)
	return err
}

func (s *siloProduct) Text(i int) (err error) {
	s.last = Text
	s.module, err = s.q.GetModule(s.ctx, data.ModuleAt(i).ID)
	return err
}

func (s *siloProduct) List(rows int) (err error) {
	s.last = List10
	s.entries, err = s.q.ListAuditLog(s.ctx, int64(rows))
	return err
}

func (s *siloProduct) Count() (int64, error) { return s.q.CountAuditLog(s.ctx) }

func (s *siloProduct) Add(i int) (err error) {
	s.last = Text
	m := data.ModuleAt(i)
	s.module, err = s.q.CreateModule(s.ctx, tenant.CreateModuleParams{ID: m.ID, Slug: m.Slug, Name: m.Name, Description: m.Description})
	return err
}

func (s *siloProduct) Insert(i int) error {
	s.last, s.changed = Insert, 1
	return insertEntry(s.ctx, s.q, i)
}

func (s *siloProduct) Update(i int) (err error) {
	s.last = Update
	key, c := data.ConfigAt(i).Key, data.ConfigAt(data.ChangeAt(i))
	s.changed, err = s.q.UpdateConfigValue(s.ctx, tenant.UpdateConfigValueParams{Value: c.Value, UpdatedBy: c.UpdatedBy, Key: key})
	return err
}

func (s *siloProduct) Upsert(i int) error {
	s.last, s.changed = Upsert, 1
	key, c := data.ConfigAt(i).Key, data.ConfigAt(data.ChangeAt(i))
	return s.q.SetConfig(s.ctx, tenant.SetConfigParams{Key: key, Value: c.Value, UpdatedBy: c.UpdatedBy})
}

func (s *siloProduct) Bulk(i, rows int) error {
	s.last, s.changed = Bulk5, int64(rows)
	return tenant.Write(s.ctx, s.db, func(ctx context.Context, q *tenant.Queries) error {
		for row := range rows {
			if err := insertEntry(ctx, q, i+row); err != nil {
				return err
			}
		}
		return nil
	})
}

func insertEntry(ctx context.Context, q *tenant.Queries, i int) error {
	e := data.EntryAt(i)
	return q.InsertAuditEntry(ctx, tenant.InsertAuditEntryParams{
		Actor: e.Actor, Event: e.Event, SubjectKind: e.SubjectKind, SubjectID: e.SubjectID, Detail: e.Detail,
	})
}

func (s *siloProduct) Last() string {
	switch s.last {
	case Point:
		c := &s.config
		return formConfig(c.Key, c.Value, c.UpdatedBy, c.UpdatedAt)
	case Text:
		m := &s.module
		return formModule(m.ID, m.Slug, m.Name, m.Enabled, m.CreatedAt, m.UpdatedAt, m.Description)
	case List10:
		return formAll(s.entries, func(e *tenant.AuditLog) string {
			return formEntry(e.Actor, e.Event, e.SubjectKind, e.SubjectID, e.Detail, e.CreatedAt)
		})
	default:
		return strconv.FormatInt(s.changed, 10)
	}
}

func (s *siloProduct) Again() (Tenant, error) { return newSiloProduct(s.ctx, s.db), nil }

func (s *siloProduct) Close() error { return nil }

// ReadTen implements [Reader].
func (s *siloProduct) ReadTen() error {
	_, err1 := s.q.GetConfig(s.ctx, data.ConfigAt(0).Key)
	_, err2 := s.q.ListConfig(s.ctx)
	_, err3 := s.q.GetModule(s.ctx, data.ModuleAt(0).ID)
	_, err4 := s.q.ListModules(s.ctx, nil)
	_, err5 := s.q.ListAuditLog(s.ctx, 10)
	_, err6 := s.q.CountAuditLog(s.ctx)
	_, err7 := s.q.ListActionsOfModule(s.ctx, data.ModuleAt(0).ID)
	_, err8 := s.q.ListActionsWithLastRun(s.ctx)
	_, err9 := s.q.SummarizeRuns(s.ctx, tenant.SummarizeRunsParams{FromMs: 0, UntilMs: 1})
	_, err10 := s.q.SummarizeRunsByHour(s.ctx, tenant.SummarizeRunsByHourParams{FromMs: 0, UntilMs: 1})
	return errors.Join(err1, err2, err3, err4, err5, err6, err7, err8, err9, err10)
}
