//go:build cgo

package contend

import "github.com/silokit/silo/bench/internal/data"

// statement is a statement of C's, and the values that it is run with for row i.
type statement struct {
	kinds  []Kind
	sql    string
	values func(i int) []any
}

var statements = map[Schema][]statement{
	Product: {
		{[]Kind{Point}, data.GetConfig, func(i int) []any { return []any{data.ConfigAt(i).Key} }},
		{[]Kind{Text}, data.GetModule, func(i int) []any { return []any{data.ModuleAt(i).ID} }},
		{[]Kind{List10}, data.ListAuditLog, func(int) []any { return []any{10} }},
		{[]Kind{List100}, data.ListAuditLog, func(int) []any { return []any{100} }},
		{[]Kind{ListVarying}, data.ListAuditLog, func(i int) []any { return []any{data.LimitAt(i)} }},
		{[]Kind{Insert, Bulk5, Bulk100}, data.InsertAuditEntry, func(i int) []any {
			e := data.EntryAt(i)
			return []any{e.Actor, e.Event, e.SubjectKind, e.SubjectID, e.Detail}
		}},
		{[]Kind{Update}, data.UpdateConfigValue, func(i int) []any {
			c := data.ConfigAt(data.ChangeAt(i))
			return []any{c.Value, c.UpdatedBy, data.ConfigAt(i).Key}
		}},
		{[]Kind{Upsert}, data.SetConfig, func(i int) []any {
			c := data.ConfigAt(data.ChangeAt(i))
			return []any{data.ConfigAt(i).Key, c.Value, c.UpdatedBy}
		}},
	},
	Fleet: {
		{[]Kind{Point}, data.GetVehicle, func(i int) []any { return []any{data.VehicleAt(i).ID} }},
		{[]Kind{Text}, data.GetDriver, func(i int) []any { return []any{data.DriverAt(i).Licence} }},
		{[]Kind{List10}, data.ListPositions, func(int) []any { return []any{10} }},
		{[]Kind{List100}, data.ListPositions, func(int) []any { return []any{100} }},
		{[]Kind{ListVarying}, data.ListPositions, func(i int) []any { return []any{data.LimitAt(i)} }},
		{[]Kind{Insert, Bulk5, Bulk100}, data.AddPosition, func(i int) []any {
			p := data.PositionAt(i)
			return []any{p.VehicleID, p.Latitude, p.Longitude, p.Speed, p.Note, p.Raw}
		}},
		{[]Kind{Update}, data.WeighVehicle, func(i int) []any {
			return []any{data.VehicleAt(data.ChangeAt(i)).Mass, data.VehicleAt(i).ID}
		}},
		{[]Kind{Upsert}, data.PutDriver, func(i int) []any {
			d := data.DriverAt(data.ChangeAt(i))
			return []any{data.DriverAt(i).Licence, d.Name, d.Phone}
		}},
	},
}

var counting = map[Schema]string{Product: data.CountAuditLog, Fleet: data.CountPositions}

var adding = map[Schema]statement{
	Product: {sql: data.CreateModule, values: func(i int) []any {
		m := data.ModuleAt(i)
		return []any{m.ID, m.Slug, m.Name, m.Description}
	}},
	Fleet: {sql: data.AddVehicle, values: func(i int) []any {
		v := data.VehicleAt(i)
		return []any{v.ID, v.Plate, v.Wheels, v.Mass}
	}},
}
