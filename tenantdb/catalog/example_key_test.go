package catalog_test

import (
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// A key is shown to whom it is for, once; from then on it says which tenant a request is of.
func ExampleCatalog_CreateKey() {
	ctx, _, c, closeAll := exampleCatalog()
	defer closeAll()
	id, err := tenantdb.ParseID("acme")
	if err != nil {
		log.Fatal(err)
	}
	issued, err := c.CreateKey(ctx, catalog.KeyRequest{Tenant: id, Label: "billing", ExpiresAt: time.Now().AddDate(0, 3, 0)})
	if err != nil {
		log.Fatal(err)
	}
	shown := issued.Secret.Reveal() // silo_…, of which the catalog has a hash
	key, err := c.VerifyKey(ctx, shown)
	fmt.Println(key.Tenant, key.Label, err)
	// Output: acme billing <nil>
}

func ExampleCatalog_VerifyKey() {
	ctx, _, c, closeAll := exampleCatalog()
	defer closeAll()
	_, err := c.VerifyKey(ctx, "silo_aaaaaaaaaaaaaaaa_sesame")
	fmt.Println(errors.Is(err, catalog.ErrBadKey)) // whatever is wrong with it
	stats := c.KeyStats()
	fmt.Println(stats.Refused, "refused,", stats.Hashes, "hashes")
	// Output:
	// true
	// 1 refused, 0 hashes
}

func ExampleCatalog_RotateKey() {
	ctx, _, c, closeAll := exampleCatalog()
	defer closeAll()
	id, err := tenantdb.ParseID("acme")
	if err != nil {
		log.Fatal(err)
	}
	old, err := c.CreateKey(ctx, catalog.KeyRequest{Tenant: id, Label: "billing"})
	if err != nil {
		log.Fatal(err)
	}
	rotation := catalog.Rotation{Overlap: 7 * 24 * time.Hour}
	oldEnds, newEnds := rotation.Ends(old.Key, time.Now())
	fmt.Println("the old key lasts", time.Until(oldEnds).Round(time.Hour), "and the new one ends:", !newEnds.IsZero())
	fresh, err := c.RotateKey(ctx, old.ID, rotation)
	if err != nil {
		log.Fatal(err)
	}
	for _, issued := range []catalog.IssuedKey{old, fresh} {
		key, err := c.VerifyKey(ctx, issued.Secret.Reveal())
		fmt.Println(key.Label, key.ReplacedBy == fresh.ID, err)
	}
	// Output:
	// the old key lasts 168h0m0s and the new one ends: false
	// billing true <nil>
	// billing false <nil>
}

// Somebody has found a key in a log.
func ExampleCatalog_RevokeKey() {
	ctx, _, c, closeAll := exampleCatalog()
	defer closeAll()
	acme, err := tenantdb.ParseID("acme")
	if err != nil {
		log.Fatal(err)
	}
	issued, err := c.CreateKey(ctx, catalog.KeyRequest{Tenant: acme, Label: "billing"})
	if err != nil {
		log.Fatal(err)
	}
	found := issued.Secret.Reveal()
	id, err := catalog.KeyID(found)
	if err != nil {
		log.Fatal(err)
	}
	key, err := c.RevokeKey(ctx, id)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(key.Tenant, key.State(time.Now()))
	_, err = c.VerifyKey(ctx, found)
	fmt.Println(errors.Is(err, catalog.ErrBadKey))
	// Output:
	// acme revoked
	// true
}

// A log names a key by its ID: whose is it?
func ExampleCatalog_Key() {
	ctx, _, c, closeAll := exampleCatalog()
	defer closeAll()
	acme, err := tenantdb.ParseID("acme")
	if err != nil {
		log.Fatal(err)
	}
	issued, err := c.CreateKey(ctx, catalog.KeyRequest{Tenant: acme, Label: "billing"})
	if err != nil {
		log.Fatal(err)
	}
	key, err := c.Key(ctx, issued.ID)
	fmt.Println(key.Tenant, key.Label, err)
	_, err = c.Key(ctx, "aaaaaaaaaaaaaaaa")
	fmt.Println(errors.Is(err, catalog.ErrUnknownKey))
	// Output:
	// acme billing <nil>
	// true
}

func ExampleCatalog_Keys() {
	ctx, _, c, closeAll := exampleCatalog()
	defer closeAll()
	acme, err := tenantdb.ParseID("acme")
	if err != nil {
		log.Fatal(err)
	}
	if _, err := c.CreateKey(ctx, catalog.KeyRequest{Tenant: acme, Label: "billing"}); err != nil {
		log.Fatal(err)
	}
	for key, err := range c.Keys(ctx, acme) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(key.Tenant, key.Label, key.State(time.Now()), key.UsedAt.IsZero())
	}
	// Output: acme billing active true
}

// Logging what was issued shows the key's ID, not its secret.
func ExampleSecret() {
	ctx, _, c, closeAll := exampleCatalog()
	defer closeAll()
	acme, err := tenantdb.ParseID("acme")
	if err != nil {
		log.Fatal(err)
	}
	issued, err := c.CreateKey(ctx, catalog.KeyRequest{Tenant: acme})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(fmt.Sprint(issued.Secret) == "silo_"+issued.ID+"_…")
	// Output: true
}

// A key that is found where it should not be says which it is, and nothing is looked up for that.
func ExampleKeyID() {
	ctx, _, c, closeAll := exampleCatalog()
	defer closeAll()
	issued, err := c.CreateKey(ctx, catalog.KeyRequest{Tenant: exampleID("acme"), Label: "billing"})
	if err != nil {
		log.Fatal(err)
	}
	id, err := catalog.KeyID(issued.Secret.Reveal())
	fmt.Println(id == issued.ID, err)
	key, err := c.Key(ctx, id)
	fmt.Println(key.Tenant, key.Label, err)
	// Output:
	// true <nil>
	// acme billing <nil>
}

func ExampleRotation_Ends() {
	now := time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)
	old, fresh := catalog.Rotation{Overlap: 24 * time.Hour}.Ends(catalog.Key{CreatedAt: now.AddDate(0, -1, 0)}, now)
	fmt.Println(old.Format(time.DateTime), fresh.IsZero())
	// Output: 2026-02-01 12:00:00 true
}

// What a flood of wrong keys costs is what is looked up and hashed for them.
func ExampleCatalog_KeyStats() {
	ctx, _, c, closeAll := exampleCatalog()
	defer closeAll()
	for _, text := range []string{"", "password", "silo_x_y"} {
		_, err := c.VerifyKey(ctx, text)
		fmt.Println(errors.Is(err, catalog.ErrBadKey))
	}
	s := c.KeyStats()
	fmt.Println(s.Refused, s.Malformed, s.Lookups)
	// Output:
	// true
	// true
	// true
	// 3 3 0
}
