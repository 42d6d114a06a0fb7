// Package scaffold makes new services: it fills in the templates of templates/service, and
// puts the files where they are to be, all of them or none.
//
// [Render] is pure. [NewPlan] looks at what is there already, and [Plan.Commit] writes.
//
// What is generated or tidied in a new service, gen/, wire_gen.go, go.mod and go.sum, is in
// the templates as the tools have written it once, so that a service is complete without any
// of them: cmd/internal/tools/scaffold runs the tools on the [Reference] and on a service of its
// own, and makes a [Template] of what they write.
package scaffold
