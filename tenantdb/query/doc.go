// Package query is what generated code calls: it runs one statement with typed
// arguments and reads typed rows. Applications do not import it; the code that
// `silo generate` writes for them does.
//
// A generated query is a [Statement] and a call of [One], [Many], [Exec], [ExecRows],
// [ExecResult], [ExecLastID] or [Bulk] on a [Binding], which tenantdb makes from a handle. The package knows
// statements and rows. It knows no tenants, no handles and no transactions: the
// Binding's [Source] lends it a connection for the call and takes it back.
package query
