package scaffold

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"

	"github.com/silokit/silo/templates"
)

// Service is what a new service is like.
type Service struct {
	// Name is what it is called: its program, image, unit and the user of that. Lower case letters, digits and
	// single hyphens between, 31 bytes at the most, beginning with a letter. Required.
	Name string

	// Module is its Go module. Defaults to example.com/NAME.
	Module string

	// Resolver says how requests name their tenant. Defaults to APIKey.
	Resolver Resolver

	// Toolkit is the Silo that it is built with; [FindToolkit] finds the one that has made
	// the program. Required.
	Toolkit Toolkit
}

// The errors of what is asked for.
var (
	// ErrName is returned for a name that no service can have.
	ErrName = errors.New("no name for a service")

	// ErrModule is returned for a path that no module can have, or none of a service.
	ErrModule = errors.New("no module path for a service")

	// ErrResolver is returned for a resolver that there is not.
	ErrResolver = errors.New("no resolver")
)

// Resolver is how requests name their tenant.
type Resolver string

// The resolvers.
const (
	APIKey    Resolver = "apikey"    // an API key
	Subdomain Resolver = "subdomain" // the host, and an API key of the same tenant
	Path      Resolver = "path"      // the beginning of the path, and an API key of the same tenant
	Header    Resolver = "header"    // a header that a trusted proxy sets
	JWT       Resolver = "jwt"       // a claim of a signed token
)

// Resolvers are all of them.
var Resolvers = [...]Resolver{APIKey, Subdomain, Path, Header, JWT}

// maxName is the length of a name in bytes, at most: systemd takes no longer one for a user.
const maxName = 31

var nameForm = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// takenNames mean something else as the name of a folder or a user: to the go command the first three, to
// each system the fourth, the others to Windows.
var takenNames = regexp.MustCompile(`^(internal|vendor|testdata|root|con|prn|aux|nul|com[0-9]|lpt[0-9])$`)

// yamlWords are not read as texts by whoever reads a manifest.
var yamlWords = regexp.MustCompile(`^(true|false|yes|no|on|off|y|n|null)$`)

// completed returns the service with its defaults, or why there cannot be such a one.
func (s Service) completed() (Service, error) {
	if err := CheckName(s.Name); err != nil {
		return s, err
	}
	if s.Module == "" {
		s.Module = DefaultModule(s.Name)
	}
	if err := CheckModule(s.Module); err != nil {
		return s, err
	}
	if s.Resolver == "" {
		s.Resolver = APIKey
	}
	if err := CheckResolver(string(s.Resolver)); err != nil {
		return s, err
	}
	return s, s.Toolkit.check()
}

// CheckResolver returns ErrResolver for a name that is none of Resolvers.
func CheckResolver(name string) error {
	if !slices.Contains(Resolvers[:], Resolver(name)) {
		return fmt.Errorf("%w %q: use one of %v", ErrResolver, name, Resolvers)
	}
	return nil
}

// CheckName returns ErrName, with the reason, for what cannot be a service's name.
func CheckName(name string) error {
	switch {
	case len(name) > maxName:
		return fmt.Errorf("%w: it has %d bytes, %d are the most", ErrName, len(name), maxName)
	case !nameForm.MatchString(name):
		return fmt.Errorf("%w: %q; use lower case letters, digits and single hyphens between, beginning with a letter", ErrName, name)
	case takenNames.MatchString(name):
		return fmt.Errorf("%w: %q means something else as the name of a folder or a user", ErrName, name)
	case yamlWords.MatchString(name):
		return fmt.Errorf("%w: %q is no text in YAML, in which manifests are", ErrName, name)
	}
	return nil
}

// DefaultModule returns the module path that a service has unless it is given another. It is
// in a domain that is nobody's, so that nothing is ever downloaded for it.
func DefaultModule(name string) string { return "example.com/" + name }

// CheckModule returns ErrModule, with the reason, for what cannot be a service's module.
func CheckModule(path string) error {
	if err := module.CheckPath(path); err != nil {
		var invalid *module.InvalidPathError
		if errors.As(err, &invalid) {
			err = invalid.Err
		}
		return fmt.Errorf("%w: %q: %w; use one like example.com/notes", ErrModule, path, err)
	}
	for element := range strings.SplitSeq(path, "/") {
		if element == "vendor" {
			return fmt.Errorf("%w: %q: the go command gives vendor a meaning of its own", ErrModule, path)
		}
	}
	if path == silo || strings.HasPrefix(path, silo+"/") {
		return fmt.Errorf("%w: %q is Silo's own", ErrModule, path)
	}
	needed, err := requirements()
	if err != nil {
		return err
	}
	if slices.Contains(needed, path) {
		return fmt.Errorf("%w: %q is a module that the service itself needs", ErrModule, path)
	}
	return nil
}

// Prefix is how the names of the variables begin by which the service is configured.
func (s Service) Prefix() string {
	return strings.ToUpper(strings.ReplaceAll(s.Name, "-", "_")) + "_"
}

// Versions are those of the tools that a service's Makefile runs.
func (Service) Versions() ToolVersions { return toolVersions }

// ToolVersions are the versions of tools.
type ToolVersions struct{ GolangCILint, Govulncheck, CycloneDX string }

// toolVersions are pinned, so that a service checks tomorrow as it does today.
var toolVersions = ToolVersions{GolangCILint: "v2.15.0", Govulncheck: "v1.9.0", CycloneDX: "v1.10.0"}

// requirements are the modules that a service needs, and those that the toolkit needs.
func requirements() (paths []string, err error) {
	file, err := modfile.Parse("go.mod", templates.GoMod, nil)
	if err != nil {
		return nil, fmt.Errorf("scaffold: the copy of go.mod: %w", err)
	}
	for _, r := range file.Require {
		paths = append(paths, r.Mod.Path)
	}
	return paths, nil
}
