// A handle's inside is not to be had.
package p

func _() {
	_ = tenantDB.a    // ERROR `tenantDB\.a undefined \(cannot refer to unexported field a\)`
	_ = tenantTx.t    // ERROR `tenantTx\.t undefined \(cannot refer to unexported field t\)`
	tenantDB.a = nil  // ERROR `tenantDB\.a undefined \(cannot refer to unexported field a\)`
	_ = tenantStore.s // ERROR `tenantStore\.s undefined \(cannot refer to unexported field s\)`
}
