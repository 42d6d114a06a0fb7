package data

import "fmt"

// Vehicle is a vehicle in the benchmarks' own schema.
type Vehicle struct {
	ID     int64
	Plate  string
	Wheels int64
	Mass   float64
}

// Driver is a driver in the benchmarks' own schema.
type Driver struct{ Licence, Name, Phone string }

// Position is where a vehicle was.
type Position struct {
	VehicleID           int64
	Latitude, Longitude float64
	Speed               int64
	Note                *string
	Raw                 []byte
}

var (
	vehicles  [Variants]Vehicle
	drivers   [Variants]Driver
	positions [Variants]Position
)

// VehicleAt returns vehicle i.
func VehicleAt(i int) *Vehicle { return &vehicles[i%Variants] }

// DriverAt returns driver i.
func DriverAt(i int) *Driver { return &drivers[i%Variants] }

// PositionAt returns position i.
func PositionAt(i int) *Position { return &positions[i%Variants] }

func fillFleet() {
	for i := range Variants {
		vehicles[i] = Vehicle{int64(i + 1), fmt.Sprintf("B-XY %04d", i), int64(4 + i%3*2), 1200.5 + float64(i)}
		drivers[i] = Driver{fmt.Sprintf("L%08d", i), fmt.Sprintf("Driver No. %02d", i), fmt.Sprintf("+49 30 555 %04d", i)}
		positions[i] = Position{int64(i + 1), 52.5 + float64(i)/1000, 13.25 + float64(i)/1000, int64(30 + i), nil, []byte(fmt.Sprintf("%024d", i))}
		if i%4 == 0 {
			note := fmt.Sprintf("slow traffic, lane %d", i%3)
			positions[i].Note = &note
		}
	}
}

// The own schema's statements, for those who write them by hand.
const (
	GetVehicle     = "SELECT id, plate, wheels, mass FROM vehicles WHERE id = ?1"
	AddVehicle     = "INSERT INTO vehicles (id, plate, wheels, mass) VALUES (?1, ?2, ?3, ?4)"
	WeighVehicle   = "UPDATE vehicles SET mass = ?1 WHERE id = ?2"
	GetDriver      = "SELECT licence, name, phone FROM drivers WHERE licence = ?1"
	PutDriver      = "INSERT INTO drivers (licence, name, phone) VALUES (?1, ?2, ?3) ON CONFLICT (licence) DO UPDATE SET name = excluded.name, phone = excluded.phone RETURNING licence, name, phone"
	AddPosition    = "INSERT INTO positions (vehicle_id, latitude, longitude, speed, note, raw) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
	ListPositions  = "SELECT id, vehicle_id, latitude, longitude, speed, note, raw FROM positions ORDER BY id DESC LIMIT ?1"
	CountPositions = "SELECT count(*) FROM positions"
)
