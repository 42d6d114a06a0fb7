package tenanthttp

import (
	"encoding/json"
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Answer is how the package answers where [Options.Answer] does not say otherwise: in JSON
// (application/problem+json), or as a page where the request prefers HTML.
func Answer(w http.ResponseWriter, r *http.Request, p Problem) {
	p = p.withDefaults()
	h := w.Header()
	dropContent(h) // of an answer that was begun and not sent
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Add("Vary", "Accept")
	if p.RetryAfter > 0 {
		h.Set("Retry-After", strconv.FormatInt(int64((p.RetryAfter+time.Second-1)/time.Second), 10))
	}
	if p.Status == http.StatusUnauthorized && h.Get("WWW-Authenticate") == "" {
		h.Set("WWW-Authenticate", "Bearer")
	}
	// What fails from here on, nobody is left to be told.
	if prefersHTML(r.Header.Values("Accept")) {
		h.Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(p.Status)
		_ = page.Execute(w, p)
		return
	}
	h.Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p)
}

// ofContent are the headers that say something of an answer's content, by their canonical names.
var ofContent = [...]string{
	"Accept-Ranges", "Age", "Cache-Control", "Content-Digest", "Content-Disposition", "Content-Encoding", "Content-Language", "Content-Length",
	"Content-Location", "Content-Range", "Content-Type", "Digest", "Etag", "Expires", "Last-Modified", "Pragma", "Repr-Digest", "Trailer",
}

// dropContent takes away what a handler has said of content that it will not send: an error with
// the validators and the age of a page would be kept in its place.
func dropContent(h http.Header) {
	for _, name := range ofContent {
		delete(h, name)
	}
}

var page = template.Must(template.New("problem").Parse(`<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>{{.Title}}</title></head>
<body><h1>{{.Title}}</h1>{{with .Detail}}<p>{{.}}</p>{{end}}</body>
</html>
`))

// prefersHTML reports whether a request names HTML and nothing that JSON answers rather
// (RFC 9110, 12.5.1). Whoever takes anything gets JSON.
func prefersHTML(accept []string) bool {
	html, data := 0.0, 0.0
	for part := range strings.SplitSeq(strings.Join(accept, ","), ",") {
		kind, parameters, _ := strings.Cut(part, ";")
		weight := quality(parameters)
		switch kind = strings.ToLower(strings.TrimSpace(kind)); kind {
		case "text/html", "application/xhtml+xml":
			html = max(html, weight)
		case "application/json", "application/problem+json":
			data = max(data, weight)
		}
	}
	return html > data
}

// quality returns the weight among the parameters of a media range.
func quality(parameters string) float64 {
	for parameter := range strings.SplitSeq(parameters, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(parameter), "=")
		if !strings.EqualFold(name, "q") {
			continue
		}
		if weight, err := strconv.ParseFloat(value, 64); err == nil && weight >= 0 && weight <= 1 {
			return weight
		}
		return 0
	}
	return 1
}
