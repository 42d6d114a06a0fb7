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

// wrapped returns w as handlers get it: it can be flushed and taken over if the server's writer
// can, and does not say so otherwise.
func (w *watchedWriter) wrapped() http.ResponseWriter {
	switch {
	case can[http.Hijacker](w.ResponseWriter):
		return hijackableWriter{flushableWriter{w}}
	case can[http.Flusher](w.ResponseWriter) || can[interface{ FlushError() error }](w.ResponseWriter):
		return flushableWriter{w}
	}
	return w
}

// can reports whether a writer is a T, or is put around one, as an http.ResponseController looks.
func can[T any](w http.ResponseWriter) bool {
	for {
		if _, ok := w.(T); ok {
			return true
		}
		around, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			return false
		}
		w = around.Unwrap()
	}
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

// ReadFrom begins the answer, unless there was nothing to read, and lets the server send files by
// itself.
func (w *watchedWriter) ReadFrom(from io.Reader) (int64, error) {
	n, err := io.Copy(w.ResponseWriter, from)
	w.begun = w.begun || n > 0
	return n, err
}

// FlushError begins the answer, if the server's writer can be flushed. It is for an
// http.ResponseController.
func (w *watchedWriter) FlushError() error {
	err := http.NewResponseController(w.ResponseWriter).Flush()
	w.begun = w.begun || !errors.Is(err, http.ErrNotSupported)
	return err
}

// Unwrap returns the server's writer, for an http.ResponseController.
func (w *watchedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// flushableWriter is for answers that are sent in parts, as events are.
type flushableWriter struct{ *watchedWriter }

// Flush begins the answer.
func (w flushableWriter) Flush() { _ = w.FlushError() }

// hijackableWriter is for connections that can be taken over, as for web sockets.
type hijackableWriter struct{ flushableWriter }

// Hijack takes the connection over, and with it the answer.
func (w hijackableWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffer, err := http.NewResponseController(w.ResponseWriter).Hijack()
	w.begun = w.begun || err == nil || errors.Is(err, http.ErrHijacked)
	return conn, buffer, err
}
