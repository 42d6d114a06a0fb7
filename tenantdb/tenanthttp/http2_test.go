package tenanthttp_test

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"github.com/silokit/silo/tenantdb/tenanthttp"
)

// send2 sends a request of HTTP/2 with these fields, as they are, and returns the body of the
// answer.
func send2(t *testing.T, s *httptest.Server, fields ...hpack.HeaderField) string {
	t.Helper()
	return sendOf2(t, s, append([]hpack.HeaderField{{Name: ":method", Value: "GET"}, {Name: ":scheme", Value: "https"}, {Name: ":path", Value: "/"}}, fields...)...)
}

// sendOf2 is send2 of these fields alone.
func sendOf2(t *testing.T, s *httptest.Server, fields ...hpack.HeaderField) string {
	t.Helper()
	config := s.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	config.NextProtos = []string{"h2"}
	conn, err := (&tls.Dialer{Config: config}).DialContext(t.Context(), "tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	var header bytes.Buffer
	encoder := hpack.NewEncoder(&header)
	for _, f := range fields {
		err = errors.Join(err, encoder.WriteField(f))
	}
	_, prefaceErr := io.WriteString(conn, http2.ClientPreface)
	framer := http2.NewFramer(conn, conn)
	err = errors.Join(err, prefaceErr, framer.WriteSettings(),
		framer.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: header.Bytes(), EndStream: true, EndHeaders: true}))
	body := ""
	for err == nil {
		var frame http2.Frame
		if frame, err = framer.ReadFrame(); err != nil {
			break
		}
		if data, ok := frame.(*http2.DataFrame); ok {
			body += string(data.Data())
		}
		if frame.Header().StreamID == 1 && frame.Header().Flags.Has(http2.FlagDataEndStream) {
			return body
		}
	}
	t.Fatal(err)
	return ""
}

func TestARequestOfHTTP2ThatNamesTwoHostsNamesNone(t *testing.T) {
	k := newKit(t)
	s := httptest.NewUnstartedServer(tenanthttp.Middleware(k.store, subdomain(t), tenanthttp.Options{})(tenanthttp.Func(k.store, answerWhose)))
	s.EnableHTTP2 = true
	s.StartTLS()
	defer s.Close()
	authority := hpack.HeaderField{Name: ":authority", Value: "acme.example.com"}
	same := hpack.HeaderField{Name: "host", Value: "acme.example.com"}
	other := hpack.HeaderField{Name: "host", Value: "globex.example.com"}
	for _, test := range []struct {
		name   string
		fields []hpack.HeaderField
		want   string
	}{
		{"an authority", []hpack.HeaderField{authority}, "acme acme acme /"},
		{"a host", []hpack.HeaderField{other}, "globex globex globex /"},
		{"both, the same", []hpack.HeaderField{authority, same}, "acme acme acme /"},
		{"both, and they differ", []hpack.HeaderField{authority, other}, "malformed"},
		{"two hosts", []hpack.HeaderField{other, same}, "malformed"},
		{"an authority and two hosts", []hpack.HeaderField{authority, same, other}, "malformed"},
	} {
		if got := send2(t, s, test.fields...); !strings.Contains(got, test.want) {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
	// What a tunnel is to lead to is not the host of whom is asked for it.
	if got := sendOf2(t, s, hpack.HeaderField{Name: ":method", Value: "CONNECT"}, authority); !strings.Contains(got, "malformed") {
		t.Errorf("a tunnel: %s", got)
	}
}
