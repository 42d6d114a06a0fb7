// Package templates holds the texts that Silo's generators fill in. Every file ends in
// .tmpl, so that none of them is taken for a part of Silo itself.
package templates

import "embed"

// Codegen are the templates of the code that `silo generate` makes, in the folder
// "codegen".
//
//go:embed codegen/*.tmpl
var Codegen embed.FS
