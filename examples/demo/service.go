package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// goTool returns a call of the go command as the demo makes it: without cgo.
func goTool(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	return cmd
}

// build compiles the quickstart service.
func (d *demo) build(ctx context.Context) (binary string, err error) {
	binary = filepath.Join(d.temp, "quickstart")
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	out, err := goTool(ctx, "build", "-o", binary, "github.com/silokit/silo/examples/quickstart").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("building the quickstart failed: %w\n%s", err, out)
	}
	return binary, nil
}

// service is the quickstart service as a process.
type service struct {
	cmd   *exec.Cmd
	log   *bytes.Buffer
	ended chan struct{} // closed when it has ended
	err   error         // how it ended, from then on
}

// start starts the service on a free port of this machine and waits until it says
// where it listens.
func (d *demo) start(ctx context.Context, binary string) (*service, error) {
	s := &service{cmd: exec.CommandContext(ctx, binary, "-data", d.data, "-addr", "127.0.0.1:0"), log: new(bytes.Buffer), ended: make(chan struct{})}
	s.cmd.Stderr = s.log
	stdout, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	go func() {
		s.err = s.cmd.Wait()
		close(s.ended)
	}()
	url, ok := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	if err != nil || !ok {
		s.kill()
		return nil, fmt.Errorf("the service did not start: %w\n%s", errors.Join(err, errors.New("it said "+line)), s.log)
	}
	d.url = url
	return s, nil
}

// stopWithin is how long the service may take to stop.
const stopWithin = 15 * time.Second

// stop interrupts the service and waits until it has ended well. On Windows, where
// processes cannot be interrupted, it is killed; that loses nothing either.
func (s *service) stop() error {
	if runtime.GOOS == "windows" {
		s.kill()
		return nil
	}
	if err := s.cmd.Process.Signal(os.Interrupt); err != nil {
		return fmt.Errorf("the service had ended before it was told to: %w\n%s", err, s.log)
	}
	select {
	case <-s.ended:
		if s.err != nil {
			return fmt.Errorf("the service ended with an error: %w\n%s", s.err, s.log)
		}
		return nil
	case <-time.After(stopWithin):
		s.kill()
		return fmt.Errorf("the service did not stop within %v\n%s", stopWithin, s.log)
	}
}

// kill ends the service, if it has not ended, and waits until it has.
func (s *service) kill() {
	_ = s.cmd.Process.Kill() // it may have ended
	<-s.ended
}
