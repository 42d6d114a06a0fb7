// A transaction ends with its callback, not by hand.
package p

func _() {
	_ = tenantTx.Commit()      // ERROR `tenantTx\.Commit undefined \(type \*tenant\.Tx has no field or method Commit\)`
	_ = tenantTx.Rollback()    // ERROR `tenantTx\.Rollback undefined \(type \*tenant\.Tx has no field or method Rollback\)`
	_, _ = tenantDB.Begin(ctx) // ERROR `tenantDB\.Begin undefined \(type \*tenant\.DB has no field or method Begin\)`
	_ = tenantTx.Write         // ERROR `tenantTx\.Write undefined \(type \*tenant\.Tx has no field or method Write\)`
}
