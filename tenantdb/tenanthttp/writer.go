package tenanthttp

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
)

var errNoMiddleware = errors.New("the request has passed no Middleware, so nobody has said whose it is")

// watchedWriter notes whether an answer was begun.
type watchedWriter struct {
	http.ResponseWriter
	begun bool
}

// wrapped returns w as handlers get it: what the server's writer can do, it can.
func (w *watchedWriter) wrapped() http.ResponseWriter {
	if _, ok := w.ResponseWriter.(http.Hijacker); ok {
		return hijackableWriter{w}
	}
	return w
}

// WriteHeader begins the answer, unless the status is one that comes before it.
func (w *watchedWriter) WriteHeader(status int) {
	if status >= 200 || status == http.StatusSwitchingProtocols {
		w.begun = true
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write begins the answer.
func (w *watchedWriter) Write(p []byte) (int, error) {
	w.begun = true
	return w.ResponseWriter.Write(p)
}

// ReadFrom begins the answer, and lets the server send files by itself.
func (w *watchedWriter) ReadFrom(from io.Reader) (int64, error) {
	w.begun = true
	return io.Copy(w.ResponseWriter, from)
}

// Flush begins the answer.
func (w *watchedWriter) Flush() { _ = w.FlushError() }

// FlushError is Flush for an http.ResponseController.
func (w *watchedWriter) FlushError() error {
	w.begun = true
	return http.NewResponseController(w.ResponseWriter).Flush()
}

// Unwrap returns the server's writer, for an http.ResponseController.
func (w *watchedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// hijackableWriter is for connections that can be taken over, as for web sockets.
type hijackableWriter struct{ *watchedWriter }

// Hijack takes the connection over, and with it the answer.
func (w hijackableWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	w.begun = true
	return http.NewResponseController(w.ResponseWriter).Hijack()
}
