package scaffold

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

// TestEachResolversServicePassesItsOwnTests makes all of them in one folder, one after the other:
// what does not depend on the resolver is compiled and tested once.
func TestEachResolversServicePassesItsOwnTests(t *testing.T) {
	dependOnSilo(t)
	dir := filepath.Join(t.TempDir(), "notes")
	for _, resolver := range Resolvers {
		t.Run(string(resolver), func(t *testing.T) {
			s := notes(t)
			s.Resolver = resolver
			makeService(t, dir, s)
			before := contents(t, dir)
			goCommand(t, dir, "vet", "./...")
			goCommand(t, dir, "test", "-vet=off", "./...")
			requireContents(t, dir, before)
			if err := os.RemoveAll(dir); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// TestServicesOfRandomNamesAndModulesBuild builds 3 of them, or as many as
// SILO_TORTURE_SCAFFOLDS says.
func TestServicesOfRandomNamesAndModulesBuild(t *testing.T) {
	dependOnSilo(t)
	count := 3
	if text := os.Getenv("SILO_TORTURE_SCAFFOLDS"); text != "" {
		var err error
		if count, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	toolkit := checkout(t)
	services := rapid.Custom(func(t *rapid.T) Service {
		return Service{
			Name: rapid.StringMatching(`[a-z][a-z0-9]{0,9}(-[a-z0-9]{1,9}){0,2}`).Filter(func(name string) bool {
				return CheckName(name) == nil
			}).Draw(t, "name"),
			Module: rapid.StringMatching(`[a-z][a-z0-9-]{0,9}(\.[a-z]{2,5}){1,2}(/[a-zA-Z0-9][a-zA-Z0-9_~.-]{0,9}){0,4}(/v[2-9])?`).Filter(func(path string) bool {
				return CheckModule(path) == nil
			}).Draw(t, "module"),
			Resolver: rapid.SampledFrom(Resolvers[:]).Draw(t, "resolver"),
			Toolkit:  toolkit,
		}
	})
	for seed := range count {
		s := services.Example(seed)
		t.Run(s.Name, func(t *testing.T) {
			t.Logf("module %s, resolver %s", s.Module, s.Resolver)
			dir := filepath.Join(t.TempDir(), s.Name)
			makeService(t, dir, s)
			goCommand(t, dir, "build", "./...")
		})
	}
}
