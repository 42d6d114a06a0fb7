// Package templates holds the texts that Silo's generators fill in. Every file ends in
// .tmpl, so that none of them is taken for a part of Silo itself.
package templates

import (
	"embed"
	"runtime"
)

// Codegen are the templates of the code that `silo generate` makes, in the folder
// "codegen".
//
//go:embed codegen/*.tmpl
var Codegen embed.FS

// Service are the templates of the services that `silo new` makes, in the folder "service":
// "common" to all of them, and on top of that those of each "resolver".
//
//go:embed all:service
var Service embed.FS

// GoMod is a copy of Silo's own go.mod, whose hash the go.sum of a new service needs.
//
//go:embed silo.mod.tmpl
var GoMod []byte

// Source returns the path of this file as the compiler has seen it: that of a checkout, by
// which it is found again, or with -trimpath none.
func Source() string {
	_, file, _, _ := runtime.Caller(0)
	return file
}
