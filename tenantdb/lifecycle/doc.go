// Package lifecycle joins the catalog of tenants and the operations on their files into
// operations that are never half done: create, suspend, clone, export, import, delete,
// undelete, erase, back up and restore.
//
// A [Manager] runs them. What it needs is a store and the catalog of one folder:
//
//	manager, err := lifecycle.New(store, cat, lifecycle.Options{})
//	acme, err := manager.Create(ctx, lifecycle.Creation[tenant.Schema]{ID: id, DisplayName: "Acme"})
//
// # Interrupted operations
//
// Every operation writes down in the catalog what it is about to do with a tenant before it
// does anything to its files. If the process dies, the tenant is left as it was, or in a
// state (creating, deleting) in which nobody reaches it. The same operation, run again,
// finishes it; [Manager.Doctor] finds those that nobody runs again, and finishes or undoes
// them. An operation that fails undoes itself; where it cannot, as on a full disk, it is as if
// the process had died.
//
// Operations on one tenant, by all Managers of a folder in all processes, run one after
// the other: each holds the tenant's lock, which the system takes from a process that dies (a
// byte of the file DIR/locks/_all.lock on Linux, elsewhere a file in that folder that is there for as long).
// Calls that use the tenant are not held up, but by what must have its file alone.
//
// # What is recorded
//
// Each operation, with its actor ([catalog.WithActor]), its tenant, and how it ended, is an
// entry of the catalog's audit ([catalog.Catalog.Entries]) under the name of its
// [Operation]; those that are done in several steps have one more, with the result "begun".
//
// # Where files are
//
// Beside the tenants' files, DIR/work holds copies that operations are made of and is
// swept of what dead processes left there, and DIR/backups the backups, if
// [Options.Backups] does not say otherwise.
package lifecycle
