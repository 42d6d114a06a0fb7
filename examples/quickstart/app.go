package main

import (
	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
)

// App is what lives as long as the service. newApp makes it.
type App struct {
	Dir    *tenantdb.Dir
	Store  *tenant.Store
	Global *global.DB
}

// Request is what lives as long as a request: of one tenant, and of no other. newRequest
// makes it of a context that carries the tenant.
type Request struct {
	DB      *tenant.DB
	Queries *tenant.Queries
	Global  *global.Queries
}
