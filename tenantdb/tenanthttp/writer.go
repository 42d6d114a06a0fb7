package tenanthttp

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
)

// watchedWriter notes whether an answer was begun.
type watchedWriter struct {
	http.ResponseWriter
	begun bool
}

// wrapped returns w as handlers get it: one that can be taken over if the server's writer can.
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

// ReadFrom begins the answer if there is something to read, and lets the server send files by
// itself.
func (w *watchedWriter) ReadFrom(from io.Reader) (int64, error) {
	n, err := io.Copy(w.ResponseWriter, from)
	w.begun = w.begun || n > 0
	return n, err
}

// Flush begins the answer.
func (w *watchedWriter) Flush() { _ = w.FlushError() }

// FlushError is Flush for an http.ResponseController.
func (w *watchedWriter) FlushError() error {
	err := http.NewResponseController(w.ResponseWriter).Flush()
	w.begun = w.begun || !errors.Is(err, http.ErrNotSupported)
	return err
}

// Unwrap returns the server's writer, for an http.ResponseController.
func (w *watchedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// hijackableWriter is for connections that can be taken over, as for web sockets.
type hijackableWriter struct{ *watchedWriter }

// Hijack takes the connection over, and with it the answer.
func (w hijackableWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffer, err := http.NewResponseController(w.ResponseWriter).Hijack()
	w.begun = w.begun || err == nil
	return conn, buffer, err
}
