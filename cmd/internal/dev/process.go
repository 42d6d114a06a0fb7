package dev

import (
	"context"
	"errors"
	"os/exec"
	"time"
)

// process is the program while it runs, with all that it has started.
type process struct {
	cmd   *exec.Cmd
	ended chan struct{} // closed when the program has ended and was waited for
	err   error         // of Wait; may be read when ended is closed
}

// lastWords is how long is waited for the output of a program that has ended, which something that it has started and that has
// left the group may have, too. It is long because what the program itself has said is lost when it is over, if this
// process was kept from reading it. A terminal has it without.
const lastWords = 10 * time.Second

// start starts a program in a group of its own, so that what it starts can be ended with it. One goroutine
// waits for it, which ends with the program.
func start(cmd *exec.Cmd) (*process, error) {
	inGroup(cmd)
	cmd.WaitDelay += lastWords
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &process{cmd: cmd, ended: make(chan struct{})}
	go func() {
		defer close(p.ended)
		p.err = cmd.Wait()
	}()
	return p, nil
}

// stop asks the program to end, kills it when it has not within the grace, and returns when it has ended. What it has started
// and left is killed.
func (p *process) stop(grace time.Duration) {
	patience := time.NewTimer(grace)
	defer patience.Stop()
	terminate(p.cmd)
	select {
	case <-p.ended:
	case <-patience.C:
	}
	killGroup(p.cmd)
	<-p.ended
}

// tidying is for how long a command that is interrupted may take to remove its temporary files.
const tidying = 2 * time.Second

// run runs a command of a round to its end. Cancelling ctx interrupts it, and kills it with all that it has
// started when it has not ended within the grace: the go command leaves its temporary folder when it is killed.
func run(ctx context.Context, cmd *exec.Cmd, grace time.Duration) error {
	if cmd.Cancel != nil { // the context's end would kill it at once
		cmd.Cancel, cmd.WaitDelay = func() error { return nil }, grace
	}
	p, err := start(cmd)
	if err != nil {
		return err
	}
	select {
	case <-p.ended:
		return p.err
	case <-ctx.Done():
		interrupt(cmd)
		select {
		case <-p.ended:
		case <-time.After(grace):
		}
		killGroup(cmd)
		<-p.ended
		return errors.Join(ctx.Err(), p.err)
	}
}
