package driver

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"
)

// method is a generated query, taken apart by reflection.
type method struct {
	call   reflect.Value
	fields []field // of the arguments, in the order of the statement's parameters
	own    string  // the import path of the generated package
}

// field is where an argument goes: into which argument of the method, and when that is
// a struct, into which field of it.
type field struct {
	argument, index int // index is -1 when the argument itself is meant
	of              reflect.Type
}

var errShape = errors.New("the method is of another shape than its SQL")

// find takes a method apart. Its arguments are matched with parameters by name where
// all have one, and else by their order.
func find(s *Session, q Query) (*method, error) {
	queries := reflect.ValueOf(s.Queries)
	call := queries.MethodByName(q.Name)
	if s.Unexported[q.Name] != nil {
		call = reflect.ValueOf(s.Unexported[q.Name])
	}
	if !call.IsValid() {
		return nil, fmt.Errorf("%w: there is no method %s", errShape, q.Name)
	}
	m := &method{call: call, own: reflect.Indirect(queries).Type().PkgPath()}
	var names []string
	for i := 1; i < call.Type().NumIn(); i++ {
		in := call.Type().In(i)
		if in.Kind() == reflect.Pointer && m.isOwnStruct(in.Elem()) {
			in = in.Elem()
		}
		if !m.isOwnStruct(in) {
			m.fields = append(m.fields, field{argument: i, index: -1, of: in})
			names = append(names, "")
			continue
		}
		for n := range in.NumField() {
			m.fields = append(m.fields, field{argument: i, index: n, of: in.Field(n).Type})
			names = append(names, in.Field(n).Name)
		}
	}
	if len(m.fields) != len(q.Statement.Params) {
		return nil, fmt.Errorf("%w: it takes %d values, the SQL %d", errShape, len(m.fields), len(q.Statement.Params))
	}
	m.sort(names, q.Statement.Params)
	return m, nil
}

// sort puts fields in the order of the parameters, when each is called like one.
func (m *method) sort(names []string, params []Param) {
	byName := map[string]field{}
	for i, name := range names {
		byName[normal(name)] = m.fields[i]
	}
	sorted := make([]field, len(params))
	for i, param := range params {
		f, ok := byName[normal(param.Name)]
		if !ok || param.Name == "" {
			return
		}
		sorted[i] = f
	}
	if len(byName) == len(params) {
		m.fields = sorted
	}
}

func normal(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "")) }

// isOwnStruct reports whether a type is a struct of the generated package that stands
// for several values.
func (m *method) isOwnStruct(t reflect.Type) bool {
	if t.Kind() != reflect.Struct || t.PkgPath() != m.own {
		return false
	}
	_, scans := reflect.PointerTo(t).MethodByName("Scan")
	return !scans
}

// run calls the method.
func (m *method) run(ctx context.Context, values []reflect.Value, command string) (result outcome) {
	defer func() {
		if p := recover(); p != nil {
			result.err = fmt.Errorf("panic: %v", p)
		}
	}()
	in := []reflect.Value{reflect.ValueOf(ctx)}
	for i := 1; i < m.call.Type().NumIn(); i++ {
		t := m.call.Type().In(i)
		if t.Kind() == reflect.Pointer && m.isOwnStruct(t.Elem()) {
			in = append(in, reflect.New(t.Elem()))
			continue
		}
		in = append(in, reflect.New(t).Elem())
	}
	for n, f := range m.fields {
		target := in[f.argument]
		if f.index >= 0 {
			target = reflect.Indirect(target).Field(f.index)
		}
		target.Set(values[n])
	}
	out := m.call.Call(in)
	if err, ok := out[len(out)-1].Interface().(error); ok && err != nil {
		result.err = err
		return result
	}
	if len(out) == 1 {
		return result
	}
	value := out[0]
	switch command {
	case ":one":
		result.rows = [][]any{m.row(value)}
	case ":many":
		for i := range value.Len() {
			result.rows = append(result.rows, m.row(value.Index(i)))
		}
	case ":execlastid":
		result.last = value.Int()
	case ":execrows":
		result.count = value.Int()
	default:
		if r, ok := value.Interface().(sql.Result); ok {
			count, err1 := r.RowsAffected()
			last, err2 := r.LastInsertId()
			result.count, result.last, result.err = count, last, errors.Join(err1, err2)
		}
	}
	return result
}

// row returns the values of a generated row, in the order of the SQL's columns.
func (m *method) row(v reflect.Value) []any {
	var all []any
	m.flatten(v, &all)
	return all
}

func (m *method) flatten(v reflect.Value, all *[]any) {
	t := v.Type()
	if t.Kind() == reflect.Pointer && m.isOwnStruct(t.Elem()) {
		if v.IsNil() { // embedded from the side of a join that has no row
			for range m.width(t.Elem()) {
				*all = append(*all, nil)
			}
			return
		}
		v, t = v.Elem(), t.Elem()
	}
	if !m.isOwnStruct(t) {
		*all = append(*all, plain(v))
		return
	}
	for i := range t.NumField() {
		m.flatten(v.Field(i), all)
	}
}

func (m *method) width(t reflect.Type) int {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if !m.isOwnStruct(t) {
		return 1
	}
	count := 0
	for i := range t.NumField() {
		count += m.width(t.Field(i).Type)
	}
	return count
}

// plain returns what a generated value stands for: nil, bool, int64, float64, string,
// []byte or time.Time.
func plain(v reflect.Value) any {
	switch value := v.Interface().(type) {
	case time.Time:
		return value
	case json.RawMessage:
		if value == nil {
			return nil
		}
		return string(value)
	case driver.Valuer:
		if v.Kind() == reflect.Pointer && v.IsNil() {
			return nil
		}
		inner, err := value.Value()
		if err != nil {
			return err
		}
		if inner == nil {
			return nil
		}
		return plain(reflect.ValueOf(inner))
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return nil
		}
		return plain(v.Elem())
	case reflect.Bool:
		return v.Bool()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return v.Int()
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return int64(v.Uint()) // what does not fit was drawn by nobody
	case reflect.Float32, reflect.Float64:
		return v.Float()
	case reflect.String:
		return v.String()
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			if v.IsNil() {
				return nil
			}
			return v.Bytes()
		}
	}
	return v.Interface()
}
