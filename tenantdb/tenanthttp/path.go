package tenanthttp

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// PathPrefix names the tenant by the segment of the path after a prefix: with /t/, the path
// /t/acme/notes is acme's, and handlers see /notes. What follows keeps its encoding, as
// [http.StripPrefix] keeps it. Other paths name no tenant ([ErrUnnamed]).
//
// The tenant is read as it is written, before anything is decoded. Paths with segments . or ..,
// encoded or not, in which another reader would find another tenant, are [ErrMalformed].
//
// The prefix begins and ends with / and has letters, digits and -._~ between; any other is
// an error. Handlers that redirect by path do not know the prefix; put it before
// their Location, as with http.StripPrefix.
func PathPrefix(prefix string) (Resolver, error) {
	if err := checkPrefix(prefix); err != nil {
		return nil, err
	}
	return ResolverFunc(func(r *http.Request) (Identity, error) {
		escaped := r.URL.EscapedPath()
		rest, ok := strings.CutPrefix(escaped, prefix)
		if !ok {
			if strings.HasPrefix(r.URL.Path, prefix) {
				return Identity{}, malformed("the prefix of the path is encoded")
			}
			return Identity{}, ErrUnnamed
		}
		if hasDots(r.URL.Path) {
			return Identity{}, malformed("the path has segments of dots")
		}
		name, _, _ := strings.Cut(rest, "/")
		if name == "" || strings.Contains(name, "%") {
			return Identity{}, malformed("the path has no plain name after %s", prefix)
		}
		strip := escaped[:len(prefix)+len(name)]
		if max(len(escaped), len(r.RequestURI)) > longTarget { // the query, too, is a part of it
			strip = strings.Clone(strip)
			name = strip[len(prefix):]
		}
		found := named("path", name)
		found.strip = strip
		return found, nil
	}), nil
}

func checkPrefix(prefix string) error {
	inner := strings.TrimSuffix(strings.TrimPrefix(prefix, "/"), "/")
	ok := strings.HasPrefix(prefix, "/") && strings.HasSuffix(prefix, "/") && !strings.Contains(prefix, "//") && !hasDots(prefix)
	for i := 0; ok && i < len(inner); i++ {
		c := inner[i]
		ok = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~/", c) >= 0
	}
	if !ok {
		return fmt.Errorf("tenanthttp: %q is no prefix of paths: it begins and ends with / and has letters, digits and -._~ between", prefix)
	}
	return nil
}

// hasDots reports whether a decoded path has a segment that is . or .., for readers that
// take \ for /, too.
func hasDots(path string) bool {
	if !strings.Contains(path, ".") {
		return false
	}
	for segment := range strings.FieldsFuncSeq(path, func(c rune) bool { return c == '/' || c == '\\' }) {
		if segment == "." || segment == ".." {
			return true
		}
	}
	return false
}

// stripped returns the URL without the beginning of its path, which has no encoding.
func stripped(u *url.URL, strip string) *url.URL {
	without := *u
	without.Path = orRoot(strings.TrimPrefix(u.Path, strip))
	without.RawPath = ""
	if raw, ok := strings.CutPrefix(u.RawPath, strip); ok {
		without.RawPath = orRoot(raw)
	}
	return &without
}

func orRoot(path string) string {
	if path == "" {
		return "/"
	}
	return path
}
