package catalog_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/silokit/silo/tenantdb/catalog"
)

func TestAnActorIsRecordedUpToABound(t *testing.T) {
	k := newKit(t)
	_, acme := k.tenant(t, "acme")
	long := strings.Repeat("é", catalog.MaxActor)
	for _, tt := range []struct{ name, actor, want string }{
		{"none", "", ""},
		{"of the most bytes", strings.Repeat("a", catalog.MaxActor), strings.Repeat("a", catalog.MaxActor)},
		{"of one more", strings.Repeat("a", catalog.MaxActor+1), strings.Repeat("a", catalog.MaxActor-len("…")) + "…"},
		{"cut within a character", long, strings.Repeat("é", (catalog.MaxActor-len("…"))/2) + "…"},
		{"of no characters", strings.Repeat("\x80", catalog.MaxActor+1), "…"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ctx := catalog.WithActor(t.Context(), tt.actor)
			if err := k.c.SetDisplayName(ctx, acme.ID, "A name"); err != nil {
				t.Fatal(err)
			}
			if err := k.c.Record(t.Context(), catalog.Entry{Actor: tt.actor, Operation: "export", Tenant: acme.ID}); err != nil {
				t.Fatal(err)
			}
			n := 0
			for e, err := range k.c.Entries(t.Context(), acme.ID) {
				if err != nil {
					t.Fatal(err)
				}
				if e.Actor != tt.want || len(e.Actor) > catalog.MaxActor || !utf8.ValidString(e.Actor) {
					t.Errorf("%s: recorded is %q, want %q", e.Operation, e.Actor, tt.want)
				}
				if n++; n == 2 {
					break
				}
			}
		})
	}
}
