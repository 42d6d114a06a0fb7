// Package golden tests the generator from end to end: real sqlc, real SQLite, and the
// generated code compiled and run on real files. The test binary is its own sqlc, so
// the package is the only one of the generator's whose tests link sqlc.
//
// Each folder of ../testdata is a case, in the order of docs/sql.md: sqlc.yaml, schema
// and queries go in; want/gen is what comes out, want/output.txt what run/main.go prints
// with it, and want/warnings.txt what is said. A folder with an errors.txt has to fail
// with the text in it. Run the tests with -update to write what comes out in the place
// of what is wanted, and read the difference. The examples of docs/sql.md are generated
// and compiled, too.
package golden
