//go:build !unix

package durable

import "io/fs"

// names says of each file that it has one name: locks here are not dropped by closing another
// descriptor.
func names(fs.FileInfo) uint64 { return 1 }
