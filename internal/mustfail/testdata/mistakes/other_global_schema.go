// Global queries do not run on a global database of another schema.
package p

import "github.com/silokit/silo/gen/global"

func _() {
	global.New(payrollDB)       // ERROR `wrong type for method reads.*have reads\(payroll\).*want reads\(global\.Schema\)`
	global.NewReader(payrollDB) // ERROR `wrong type for method reads.*have reads\(payroll\).*want reads\(global\.Schema\)`
}
