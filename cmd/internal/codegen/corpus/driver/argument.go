package driver

import (
	"encoding/json"
	"fmt"
	"reflect"
	"time"
)

// argument draws a value of a Go type, and what is bound by hand in its place.
func (p *pool) argument(t reflect.Type) (reflect.Value, any, error) {
	switch t {
	case reflect.TypeFor[time.Time]():
		at := p.time()
		return reflect.ValueOf(at), at.Format(timeLayout), nil
	case reflect.TypeFor[json.RawMessage]():
		text := pick(p, []string{`{"a": 1}`, `[1, "x", null]`, `"é🙂"`, `{}`})
		return reflect.ValueOf(json.RawMessage(text)), text, nil
	}
	v := reflect.New(t).Elem()
	if scanner, ok := v.Addr().Interface().(interface{ Scan(any) error }); ok {
		return p.scanned(v, scanner.Scan)
	}
	switch t.Kind() {
	case reflect.Pointer:
		if p.chance(25) {
			return v, nil, nil
		}
		inner, hand, err := p.argument(t.Elem())
		if err != nil {
			return v, nil, err
		}
		v.Set(reflect.New(t.Elem()))
		v.Elem().Set(inner)
		return v, hand, nil
	case reflect.Bool:
		v.SetBool(p.chance(50))
		if v.Bool() {
			return v, int64(1), nil
		}
		return v, int64(0), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		n := p.integer()
		if v.OverflowInt(n) {
			n %= 100
		}
		v.SetInt(n)
		return v, n, nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		n := p.integer() & 0x7f
		v.SetUint(uint64(n))
		return v, n, nil
	case reflect.Float32, reflect.Float64:
		v.SetFloat(p.float())
		return v, v.Float(), nil
	case reflect.String:
		v.SetString(p.text())
		return v, v.String(), nil
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			b := p.blob()
			v.SetBytes(b)
			return v, b, nil
		}
	}
	return v, nil, fmt.Errorf("no values of the type %s can be drawn", t)
}

// scanned draws a value of a type that reads itself from the database's values.
func (p *pool) scanned(v reflect.Value, scan func(any) error) (reflect.Value, any, error) {
	candidates := []any{p.integer(), p.text(), p.float(), "00000000-0000-4000-8000-000000000001", p.time(), int64(1)}
	p.random.Shuffle(2, func(i, j int) { candidates[i], candidates[j] = candidates[j], candidates[i] })
	for _, candidate := range candidates {
		v.SetZero()
		if scan(candidate) != nil {
			continue
		}
		switch hand := plain(v).(type) {
		case time.Time:
			return v, hand.UTC().Format(timeLayout), nil
		case bool:
			if hand {
				return v, int64(1), nil
			}
			return v, int64(0), nil
		case nil, int64, float64, string, []byte:
			return v, hand, nil
		}
	}
	return v, nil, fmt.Errorf("no values of the type %s can be drawn", v.Type())
}

// arguments draws the arguments of one run. The values by hand have one element for each
// parameter that is no list.
func (p *pool) arguments(m *method, s Statement) ([]reflect.Value, [][]any, error) {
	params := s.Params
	given, byHand := make([]reflect.Value, len(params)), make([][]any, len(params))
	hints := s.hints()
	defer func() { p.near = values{} }()
	for n, f := range m.fields {
		p.approach(hints[n])
		if params[n].Kind != List {
			v, hand, err := p.argument(f.of)
			if err != nil {
				return nil, nil, err
			}
			given[n], byHand[n] = v, []any{hand}
			continue
		}
		if f.of.Kind() != reflect.Slice {
			return nil, nil, fmt.Errorf("%w: a list is of the type %s", errShape, f.of)
		}
		count := p.random.IntN(5)
		list := reflect.MakeSlice(f.of, 0, count)
		byHand[n] = []any{}
		for range count {
			v, hand, err := p.argument(f.of.Elem())
			if err != nil {
				return nil, nil, err
			}
			list, byHand[n] = reflect.Append(list, v), append(byHand[n], hand)
		}
		given[n] = list
	}
	return given, byHand, nil
}
