// Package mustfail proves that programs which mix up databases are refused: most by
// the compiler, the rest at run time. It has tests only.
//
// A file of testdata/mistakes holds one mistake, named in its first line. Comments
// of the form
//
//	// ERROR "regexp"
//
// stand on the lines that the compiler must refuse, with what its message says; each
// message must be expected and each expected one must come. The files of
// testdata/controls are the same programs without the mistake: they must compile, or
// else the mistakes may be refused for another reason than the one named. To all of
// them testdata/prelude.go is added.
//
// The programs are type-checked with go/types, the compiler's own rules, which takes
// about a second for all of them. Mistakes in wiring are refused by wire, in
// testdata/wire.
package mustfail
