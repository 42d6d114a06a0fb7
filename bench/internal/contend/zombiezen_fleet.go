package contend

import (
	"errors"
	"strconv"

	"zombiezen.com/go/sqlite"

	"github.com/silokit/silo/bench/gen/fleet"
	"github.com/silokit/silo/bench/internal/data"
)

// zombieFleet is a tenant of the benchmarks' own schema. Rows are what Silo's are.
type zombieFleet struct {
	zombie
	vehicle   fleet.Vehicle
	driver    fleet.Driver
	positions []fleet.Position
	changed   int
}

func (z *zombieFleet) Point(i int) error {
	z.last = Point
	stmt, err := z.conn.Prepare(data.GetVehicle)
	if err != nil {
		return err
	}
	stmt.BindInt64(1, data.VehicleAt(i).ID)
	return step(stmt, func(stmt *sqlite.Stmt) error {
		z.vehicle = fleet.Vehicle{ID: stmt.ColumnInt64(0), Plate: stmt.ColumnText(1), Wheels: stmt.ColumnInt64(2), Mass: stmt.ColumnFloat(3)}
		return nil
	})
}

func (z *zombieFleet) Text(i int) error {
	z.last = Text
	stmt, err := z.conn.Prepare(data.GetDriver)
	if err != nil {
		return err
	}
	stmt.BindText(1, data.DriverAt(i).Licence)
	return step(stmt, z.scanDriver)
}

func (z *zombieFleet) scanDriver(stmt *sqlite.Stmt) error {
	z.driver = fleet.Driver{Licence: stmt.ColumnText(0), Name: stmt.ColumnText(1), Phone: stmt.ColumnText(2)}
	return nil
}

func (z *zombieFleet) List(rows int) error {
	z.last = List10
	stmt, err := z.conn.Prepare(data.ListPositions)
	if err != nil {
		return err
	}
	stmt.BindInt64(1, int64(rows))
	z.positions = nil
	for {
		found, err := stmt.Step()
		if err != nil {
			return errors.Join(err, stmt.Reset())
		}
		if !found {
			return stmt.Reset()
		}
		p := fleet.Position{
			ID:        stmt.ColumnInt64(0),
			VehicleID: stmt.ColumnInt64(1),
			Latitude:  stmt.ColumnFloat(2),
			Longitude: stmt.ColumnFloat(3),
			Speed:     stmt.ColumnInt64(4),
			Note:      columnNullable(stmt, 5),
			Raw:       make([]byte, stmt.ColumnLen(6)),
		}
		stmt.ColumnBytes(6, p.Raw)
		z.positions = append(z.positions, p)
	}
}

func (z *zombieFleet) Count() (int64, error) { return z.count(data.CountPositions) }

func (z *zombieFleet) Add(i int) error {
	z.last, z.changed = Insert, 1
	stmt, err := z.conn.Prepare(data.AddVehicle)
	if err != nil {
		return err
	}
	v := data.VehicleAt(i)
	stmt.BindInt64(1, v.ID)
	stmt.BindText(2, v.Plate)
	stmt.BindInt64(3, v.Wheels)
	stmt.BindFloat(4, v.Mass)
	return step(stmt, nil)
}

func (z *zombieFleet) Insert(i int) error {
	z.last, z.changed = Insert, 1
	return z.insert(i)
}

func (z *zombieFleet) insert(i int) error {
	stmt, err := z.conn.Prepare(data.AddPosition)
	if err != nil {
		return err
	}
	p := data.PositionAt(i)
	stmt.BindInt64(1, p.VehicleID)
	stmt.BindFloat(2, p.Latitude)
	stmt.BindFloat(3, p.Longitude)
	stmt.BindInt64(4, p.Speed)
	bindNullable(stmt, 5, p.Note)
	stmt.BindBytes(6, p.Raw)
	return step(stmt, nil)
}

func (z *zombieFleet) Update(i int) error {
	z.last = Update
	stmt, err := z.conn.Prepare(data.WeighVehicle)
	if err != nil {
		return err
	}
	v, mass := data.VehicleAt(i), data.VehicleAt(data.ChangeAt(i)).Mass
	stmt.BindFloat(1, mass)
	stmt.BindInt64(2, v.ID)
	err = step(stmt, nil)
	z.changed = z.conn.Changes()
	return err
}

func (z *zombieFleet) Upsert(i int) error {
	z.last = Text
	stmt, err := z.conn.Prepare(data.PutDriver)
	if err != nil {
		return err
	}
	licence, d := data.DriverAt(i).Licence, data.DriverAt(data.ChangeAt(i))
	stmt.BindText(1, licence)
	stmt.BindText(2, d.Name)
	stmt.BindText(3, d.Phone)
	return step(stmt, z.scanDriver)
}

func (z *zombieFleet) Bulk(i, rows int) error {
	z.last, z.changed = Bulk5, rows
	return z.bulk(i, rows, z.insert)
}

func (z *zombieFleet) Last() string {
	switch z.last {
	case Point:
		v := &z.vehicle
		return formVehicle(v.ID, v.Plate, v.Wheels, v.Mass)
	case Text:
		return formDriver(z.driver.Licence, z.driver.Name, z.driver.Phone)
	case List10:
		return formAll(z.positions, func(p *fleet.Position) string {
			return formPosition(p.VehicleID, p.Latitude, p.Longitude, p.Speed, p.Note, p.Raw)
		})
	default:
		return strconv.Itoa(z.changed)
	}
}
