package codegen

import "github.com/silokit/silo/cmd/internal/codegen/infer"

// goType is how generated code writes a value of one type.
type goType struct {
	Name string // int64, *int64, []int64
	Bind string // the function of package query that makes an argument of it
	Read string // the method of query.Row that reads it
}

// base are the types' names in Go and in package query.
var base = map[infer.Type]struct{ name, method string }{
	infer.Integer: {"int64", "Int"},
	infer.Real:    {"float64", "Float"},
	infer.Text:    {"string", "Text"},
	infer.Blob:    {"[]byte", "Blob"},
	infer.Bool:    {"bool", "Bool"},
	infer.Time:    {"time.Time", "Time"},
}

// typeOf returns the Go type of an SQL type. ok is false when there is none.
func typeOf(t infer.Type, nullable bool) (result goType, ok bool) {
	b, ok := base[t]
	switch {
	case !ok:
		return goType{}, false
	case !nullable:
		return goType{Name: b.name, Bind: b.method, Read: b.method}, true
	case t == infer.Blob:
		return goType{Name: b.name, Bind: b.method, Read: "NullBlob"}, true
	default:
		return goType{Name: "*" + b.name, Bind: "Null" + b.method, Read: "Null" + b.method}, true
	}
}

// listOf returns the Go type of a list. ok is false when there is none.
func listOf(t infer.Type) (result goType, ok bool) {
	switch t {
	case infer.Integer:
		return goType{Name: "[]int64", Bind: "Ints"}, true
	case infer.Text:
		return goType{Name: "[]string", Bind: "Texts"}, true
	default:
		return goType{}, false
	}
}
