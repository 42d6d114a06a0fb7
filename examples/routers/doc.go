// Package routers shows the edge of a service, tenanthttp.Middleware and tenanthttp.Func, with
// net/http's mux, chi and echo. Each way is a function that is tested with the same requests.
package routers
