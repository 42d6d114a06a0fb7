package contend

import (
	"context"
	"strconv"

	"github.com/silokit/silo/bench/gen/fleet"
	"github.com/silokit/silo/bench/internal/data"
)

// siloFleet is a tenant of the benchmarks' own schema.
type siloFleet struct {
	ctx context.Context
	db  *fleet.DB
	q   *fleet.Queries

	last      Kind
	vehicle   fleet.Vehicle
	driver    fleet.Driver
	positions []fleet.Position
	changed   int64
}

func newSiloFleet(ctx context.Context, db *fleet.DB) Tenant {
	return &siloFleet{ctx: ctx, db: db, q: fleet.New(db)}
}

func (s *siloFleet) Point(i int) (err error) {
	s.last = Point
	s.vehicle, err = s.q.GetVehicle(s.ctx, data.VehicleAt(i).ID)
	return err
}

func (s *siloFleet) Text(i int) (err error) {
	s.last = Text
	s.driver, err = s.q.GetDriver(s.ctx, data.DriverAt(i).Licence)
	return err
}

func (s *siloFleet) List(rows int) (err error) {
	s.last = List10
	s.positions, err = s.q.ListPositions(s.ctx, int64(rows))
	return err
}

func (s *siloFleet) Count() (int64, error) { return s.q.CountPositions(s.ctx) }

func (s *siloFleet) Add(i int) error {
	s.last, s.changed = Insert, 1
	v := data.VehicleAt(i)
	return s.q.AddVehicle(s.ctx, fleet.AddVehicleParams{ID: v.ID, Plate: v.Plate, Wheels: v.Wheels, Mass: v.Mass})
}

func (s *siloFleet) Insert(i int) error {
	s.last, s.changed = Insert, 1
	return addPosition(s.ctx, s.q, i)
}

func (s *siloFleet) Update(i int) (err error) {
	s.last = Update
	v, mass := data.VehicleAt(i), data.VehicleAt(data.ChangeAt(i)).Mass
	s.changed, err = s.q.WeighVehicle(s.ctx, fleet.WeighVehicleParams{Mass: mass, ID: v.ID})
	return err
}

func (s *siloFleet) Upsert(i int) (err error) {
	s.last = Text
	licence, d := data.DriverAt(i).Licence, data.DriverAt(data.ChangeAt(i))
	s.driver, err = s.q.PutDriver(s.ctx, fleet.PutDriverParams{Licence: licence, Name: d.Name, Phone: d.Phone})
	return err
}

func (s *siloFleet) Bulk(i, rows int) error {
	s.last, s.changed = Bulk5, int64(rows)
	return fleet.Write(s.ctx, s.db, func(ctx context.Context, q *fleet.Queries) error {
		for row := range rows {
			if err := addPosition(ctx, q, i+row); err != nil {
				return err
			}
		}
		return nil
	})
}

func addPosition(ctx context.Context, q *fleet.Queries, i int) error {
	p := data.PositionAt(i)
	return q.AddPosition(ctx, fleet.AddPositionParams{
		VehicleID: p.VehicleID, Latitude: p.Latitude, Longitude: p.Longitude, Speed: p.Speed, Note: p.Note, Raw: p.Raw,
	})
}

func (s *siloFleet) Last() string {
	switch s.last {
	case Point:
		v := &s.vehicle
		return formVehicle(v.ID, v.Plate, v.Wheels, v.Mass)
	case Text:
		return formDriver(s.driver.Licence, s.driver.Name, s.driver.Phone)
	case List10:
		return formAll(s.positions, func(p *fleet.Position) string {
			return formPosition(p.VehicleID, p.Latitude, p.Longitude, p.Speed, p.Note, p.Raw)
		})
	default:
		return strconv.FormatInt(s.changed, 10)
	}
}

func (s *siloFleet) Again() (Tenant, error) { return newSiloFleet(s.ctx, s.db), nil }

func (s *siloFleet) Close() error { return nil }
