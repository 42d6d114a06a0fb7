package tenantjwt

import "github.com/silokit/silo/tenantdb/tenanthttp"

// Remembered returns how many tokens a resolver remembers.
func Remembered(r tenanthttp.Resolver) int {
	m := r.(*verifier).remembered
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.tokens)
}
