package tenantjwt

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
)

// maxDocument is the most bytes of a document that are read.
const maxDocument = 1 << 20

// source is where a document is. One goroutine at a time uses it.
type source struct {
	url    string
	client *http.Client
	etag   string
}

func newSource(address string, client *http.Client) (*source, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("tenantjwt: %w: the address of the keys: %w", ErrOptions, err)
	}
	if err := private(u); err != nil {
		return nil, fmt.Errorf("tenantjwt: %w: the address of the keys: %w", ErrOptions, err)
	}
	if client == nil {
		client = &http.Client{}
	}
	own := *client
	if own.Timeout == 0 { // one reading that never ends would be the last
		own.Timeout = fetchTimeout
	}
	follow := own.CheckRedirect
	own.CheckRedirect = func(r *http.Request, via []*http.Request) error {
		switch err := private(r.URL); {
		case err != nil:
			return err
		case via[0].URL.Scheme == "https" && r.URL.Scheme != "https":
			return fmt.Errorf("%s is not https, and a service of this machine could give keys of its own", r.URL.Redacted())
		case follow != nil:
			return follow(r, via)
		case len(via) > 3:
			return errors.New("too many redirects")
		}
		return nil
	}
	return &source{url: address, client: &own}, nil
}

// private returns an error unless nobody on the way can change what is read.
func private(u *url.URL) error {
	switch {
	case u.Host == "":
		return errors.New("it has no host")
	case u.Scheme == "https":
		return nil
	case u.Scheme == "http":
		if ip, err := netip.ParseAddr(u.Hostname()); u.Hostname() == "localhost" || err == nil && ip.IsLoopback() {
			return nil
		}
	}
	return fmt.Errorf("%s is not https, and whoever is in between could give keys of their own", u.Redacted())
}

// fetch returns what the document has, or false if it is as it was when last fetched.
func (s *source) fetch(ctx context.Context) (has contents, changed bool, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url, nil)
	if err != nil {
		return has, false, err
	}
	r.Header.Set("Accept", "application/jwk-set+json, application/json")
	if s.etag != "" {
		r.Header.Set("If-None-Match", s.etag)
	}
	response, err := s.client.Do(r)
	if err != nil {
		return has, false, err
	}
	defer func() { err = errors.Join(err, response.Body.Close()) }()
	if response.StatusCode == http.StatusNotModified && s.etag != "" {
		return has, false, nil
	}
	if response.StatusCode != http.StatusOK {
		return has, false, fmt.Errorf("%s answers %s", s.url, response.Status)
	}
	document, err := io.ReadAll(io.LimitReader(response.Body, maxDocument+1))
	switch {
	case err != nil:
		return has, false, err
	case len(document) > maxDocument:
		return has, false, fmt.Errorf("%s has more than %d bytes", s.url, maxDocument)
	}
	if has, err = parse(document); err != nil {
		return has, false, err
	}
	s.etag = response.Header.Get("ETag")
	return has, true, nil
}
