package contend

import (
	"context"
	"database/sql"
	"errors"
	"strconv"

	"github.com/silokit/silo/bench/internal/data"
	"github.com/silokit/silo/bench/stock/product"
)

// stockProduct is a tenant of the reference application, through database/sql.
type stockProduct struct {
	ctx context.Context
	db  *sql.DB
	q   *product.Queries

	last    Kind
	config  product.Config
	module  product.Module
	entries []product.AuditLog
	changed int64
}

func (s *stockProduct) Point(i int) (err error) {
	s.last = Point
	s.config, err = s.q.GetConfig(s.ctx, data.ConfigAt(i).Key)
	return err
}

func (s *stockProduct) Text(i int) (err error) {
	s.last = Text
	s.module, err = s.q.GetModule(s.ctx, data.ModuleAt(i).ID)
	return err
}

func (s *stockProduct) List(rows int) (err error) {
	s.last = List10
	s.entries, err = s.q.ListAuditLog(s.ctx, int64(rows))
	return err
}

func (s *stockProduct) Count() (int64, error) { return s.q.CountAuditLog(s.ctx) }

func (s *stockProduct) Add(i int) (err error) {
	s.last = Text
	m := data.ModuleAt(i)
	s.module, err = s.q.CreateModule(s.ctx, product.CreateModuleParams{ID: m.ID, Slug: m.Slug, Name: m.Name, Description: m.Description})
	return err
}

func (s *stockProduct) Insert(i int) error {
	s.last, s.changed = Insert, 1
	return stockEntry(s.ctx, s.q, i)
}

func (s *stockProduct) Update(i int) (err error) {
	s.last = Update
	key, c := data.ConfigAt(i).Key, data.ConfigAt(data.ChangeAt(i))
	s.changed, err = s.q.UpdateConfigValue(s.ctx, product.UpdateConfigValueParams{Value: c.Value, UpdatedBy: nullable(c.UpdatedBy), Key: key})
	return err
}

func (s *stockProduct) Upsert(i int) error {
	s.last, s.changed = Upsert, 1
	key, c := data.ConfigAt(i).Key, data.ConfigAt(data.ChangeAt(i))
	return s.q.SetConfig(s.ctx, product.SetConfigParams{Key: key, Value: c.Value, UpdatedBy: nullable(c.UpdatedBy)})
}

func (s *stockProduct) Bulk(i, rows int) error {
	s.last, s.changed = Bulk5, int64(rows)
	return inTransaction(s.ctx, s.db, func(tx *sql.Tx) error {
		q := s.q.WithTx(tx)
		for row := range rows {
			if err := stockEntry(s.ctx, q, i+row); err != nil {
				return err
			}
		}
		return nil
	})
}

func stockEntry(ctx context.Context, q *product.Queries, i int) error {
	e := data.EntryAt(i)
	return q.InsertAuditEntry(ctx, product.InsertAuditEntryParams{
		Actor: e.Actor, Event: e.Event, SubjectKind: e.SubjectKind, SubjectID: e.SubjectID, Detail: nullable(e.Detail),
	})
}

func (s *stockProduct) Last() string {
	switch s.last {
	case Point:
		c := &s.config
		return formConfig(c.Key, c.Value, pointer(c.UpdatedBy), c.UpdatedAt)
	case Text:
		m := &s.module
		return formModule(m.ID, m.Slug, m.Name, m.Enabled, m.CreatedAt, m.UpdatedAt, m.Description)
	case List10:
		return formAll(s.entries, func(e *product.AuditLog) string {
			return formEntry(e.Actor, e.Event, e.SubjectKind, e.SubjectID, pointer(e.Detail), e.CreatedAt)
		})
	default:
		return strconv.FormatInt(s.changed, 10)
	}
}

func (s *stockProduct) Again() (Tenant, error) {
	return &stockProduct{ctx: s.ctx, db: s.db, q: s.q}, nil
}

func (s *stockProduct) Close() error { return nil }

// ReadTen implements [Reader].
func (s *stockProduct) ReadTen() error {
	_, err1 := s.q.GetConfig(s.ctx, data.ConfigAt(0).Key)
	_, err2 := s.q.ListConfig(s.ctx)
	_, err3 := s.q.GetModule(s.ctx, data.ModuleAt(0).ID)
	_, err4 := s.q.ListModules(s.ctx, sql.NullBool{})
	_, err5 := s.q.ListAuditLog(s.ctx, 10)
	_, err6 := s.q.CountAuditLog(s.ctx)
	_, err7 := s.q.ListActionsOfModule(s.ctx, data.ModuleAt(0).ID)
	_, err8 := s.q.ListActionsWithLastRun(s.ctx)
	_, err9 := s.q.SummarizeRuns(s.ctx, product.SummarizeRunsParams{FromMs: 0, UntilMs: 1})
	_, err10 := s.q.SummarizeRunsByHour(s.ctx, product.SummarizeRunsByHourParams{FromMs: 0, UntilMs: 1})
	return errors.Join(err1, err2, err3, err4, err5, err6, err7, err8, err9, err10)
}
