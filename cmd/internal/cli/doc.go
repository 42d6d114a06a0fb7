// Package cli is the command line of silo: it reads arguments, calls the packages that
// do the work, and prints what they return.
//
// What a command was asked for goes to standard output, everything said about it to
// standard error. The exit code is 0 when the command succeeded, 1 when it failed, 2
// when it was called wrongly, 3 when some of several tenants failed, and 4 when something is
// not what it should be. The commands on tenants are those of package tenantcli.
package cli
