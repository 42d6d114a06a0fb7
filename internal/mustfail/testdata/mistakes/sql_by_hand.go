// SQL that no query file holds is not run.
package p

func _() {
	_, _ = tenantDB.ExecContext(ctx, "DELETE FROM modules") // ERROR `tenantDB\.ExecContext undefined \(type \*tenant\.DB has no field or method ExecContext\)`
	_, _ = tenantDB.Query(ctx, "SELECT 1")                  // ERROR `tenantDB\.Query undefined \(type \*tenant\.DB has no field or method Query\)`
	_ = tenantTx.Raw                                        // ERROR `tenantTx\.Raw undefined \(type \*tenant\.Tx has no field or method Raw\)`
}
