// Package tenantjwt finds the tenant of a request in a bearer token, a JSON Web Token that an
// issuer has signed. It is a [tenanthttp.Resolver], in a package of its own so that a service
// without tokens does not contain their verification.
//
//	keys, err := tenantjwt.NewJWKS(ctx, "https://id.example.com/jwks.json", tenantjwt.JWKSOptions{})
//	…
//	defer keys.Close()
//	token, err := tenantjwt.New(tenantjwt.Options{
//		Issuer: "https://id.example.com", Audience: "notes", Methods: []string{"ES256"}, Keys: keys, Claim: "org_id",
//	})
//	…
//	edge := tenanthttp.Middleware(store, tenanthttp.Alias(cat, "org", token), tenanthttp.Options{})
//
// What makes a token acceptable cannot be left out: issuer, audience, methods, keys and the
// claim are required, a token without an expiry is refused, and a key verifies the methods of its
// own type alone. Where the token says that its key is to be found is not read.
package tenantjwt
