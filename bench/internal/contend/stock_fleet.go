package contend

import (
	"context"
	"database/sql"
	"strconv"

	"github.com/silokit/silo/bench/internal/data"
	"github.com/silokit/silo/bench/stock/fleet"
)

// stockFleet is a tenant of the benchmarks' own schema, through database/sql.
type stockFleet struct {
	ctx context.Context
	db  *sql.DB
	q   *fleet.Queries

	last      Kind
	vehicle   fleet.Vehicle
	driver    fleet.Driver
	positions []fleet.Position
	changed   int64
}

func (s *stockFleet) Point(i int) (err error) {
	s.last = Point
	s.vehicle, err = s.q.GetVehicle(s.ctx, data.VehicleAt(i).ID)
	return err
}

func (s *stockFleet) Text(i int) (err error) {
	s.last = Text
	s.driver, err = s.q.GetDriver(s.ctx, data.DriverAt(i).Licence)
	return err
}

func (s *stockFleet) List(rows int) (err error) {
	s.last = List10
	s.positions, err = s.q.ListPositions(s.ctx, int64(rows))
	return err
}

func (s *stockFleet) Count() (int64, error) { return s.q.CountPositions(s.ctx) }

func (s *stockFleet) Add(i int) error {
	s.last, s.changed = Insert, 1
	v := data.VehicleAt(i)
	return s.q.AddVehicle(s.ctx, fleet.AddVehicleParams{ID: v.ID, Plate: v.Plate, Wheels: v.Wheels, Mass: v.Mass})
}

func (s *stockFleet) Insert(i int) error {
	s.last, s.changed = Insert, 1
	return stockPosition(s.ctx, s.q, i)
}

func (s *stockFleet) Update(i int) (err error) {
	s.last = Update
	v, mass := data.VehicleAt(i), data.VehicleAt(data.ChangeAt(i)).Mass
	s.changed, err = s.q.WeighVehicle(s.ctx, fleet.WeighVehicleParams{Mass: mass, ID: v.ID})
	return err
}

func (s *stockFleet) Upsert(i int) (err error) {
	s.last = Text
	licence, d := data.DriverAt(i).Licence, data.DriverAt(data.ChangeAt(i))
	s.driver, err = s.q.PutDriver(s.ctx, fleet.PutDriverParams{Licence: licence, Name: d.Name, Phone: d.Phone})
	return err
}

func (s *stockFleet) Bulk(i, rows int) error {
	s.last, s.changed = Bulk5, int64(rows)
	return inTransaction(s.ctx, s.db, func(tx *sql.Tx) error {
		q := s.q.WithTx(tx)
		for row := range rows {
			if err := stockPosition(s.ctx, q, i+row); err != nil {
				return err
			}
		}
		return nil
	})
}

func stockPosition(ctx context.Context, q *fleet.Queries, i int) error {
	p := data.PositionAt(i)
	return q.AddPosition(ctx, fleet.AddPositionParams{
		VehicleID: p.VehicleID, Latitude: p.Latitude, Longitude: p.Longitude, Speed: p.Speed, Note: nullable(p.Note), Raw: p.Raw,
	})
}

func (s *stockFleet) Last() string {
	switch s.last {
	case Point:
		v := &s.vehicle
		return formVehicle(v.ID, v.Plate, v.Wheels, v.Mass)
	case Text:
		return formDriver(s.driver.Licence, s.driver.Name, s.driver.Phone)
	case List10:
		return formAll(s.positions, func(p *fleet.Position) string {
			return formPosition(p.VehicleID, p.Latitude, p.Longitude, p.Speed, pointer(p.Note), p.Raw)
		})
	default:
		return strconv.FormatInt(s.changed, 10)
	}
}

func (s *stockFleet) Again() (Tenant, error) { return &stockFleet{ctx: s.ctx, db: s.db, q: s.q}, nil }

func (s *stockFleet) Close() error { return nil }
