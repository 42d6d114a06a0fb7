package tenanthttp

import (
	"net/http"
	"strings"
)

// Bearer returns the bearer token of a request (RFC 6750, 2.1), for resolvers: of the header
// Authorization, which may be there once. Without the header, or with another scheme than
// Bearer, the error is [ErrUnnamed]. Headers that are there twice, and an empty token, are
// [ErrMalformed]. Nothing of the token is looked at.
func Bearer(r *http.Request) (string, error) {
	value, err := single(r, "Authorization")
	if err != nil {
		return "", err
	}
	scheme, token := value, ""
	if end := strings.IndexAny(value, " \t"); end >= 0 {
		scheme, token = value[:end], strings.Trim(value[end:], " \t")
	}
	if !strings.EqualFold(scheme, "Bearer") {
		return "", ErrUnnamed
	}
	if token == "" {
		return "", malformed("the bearer token is empty")
	}
	return token, nil
}

// single returns the value of a header, by its canonical name, that may be there once.
func single(r *http.Request, header string) (string, error) {
	switch values := r.Header[header]; {
	case len(values) == 0:
		return "", ErrUnnamed
	case len(values) > 1:
		return "", malformed("the header %s is there %d times", header, len(values))
	case values[0] == "":
		return "", malformed("the header %s is empty", header)
	default:
		return values[0], nil
	}
}
