// Package tenantcli is the command line that operates a data folder: tenants, backups and
// a doctor. It is a tree of cobra commands that a program mounts with the schema it embeds,
// so that the binary which serves the tenants also looks after them:
//
//	root.AddCommand(tenantcli.Commands[tenant.Schema](tenantcli.Options{Data: "data"})...)
//	os.Exit(tenantcli.Execute(ctx, root))
//
// [New] returns a root of its own for a program that has no other commands, and
// [FolderCommands] the same commands for a schema that is a folder of migrations, as in
// the program silo.
//
// # The contract
//
// What was asked for goes to standard output, everything said about it to standard error.
// Each command has --json, whose fields are documented in docs/commands.md; a listing
// prints one object a line, as it is read. Each command that writes has --dry-run. What
// cannot be undone at once asks before it is done, if standard input is a terminal;
// otherwise, and with --no-input, it fails and names the flag that stands for the answer:
// --yes, and for what destroys data --confirm=ID. There are colours and progress bars on
// terminals only, and none with NO_COLOR set or TERM=dumb.
//
// The exit codes are 0 for success, 1 for an error, 2 for a wrong call, 3 when some of
// several tenants failed, and 4 when something is not as it should be or is left to be done.
//
// The data folder is opened when a command runs, and closed when it ends. Other processes
// may have it open.
package tenantcli
