package tenantdb_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/internal/childtest"
)

// takeOrders is an actor in a process of its own: it carries out the orders that come
// in, until its input ends.
func takeOrders(args []string) error {
	maxOpen, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	durability, err := strconv.Atoi(args[2])
	if err != nil {
		return err
	}
	a, err := newActor(args[0], maxOpen, tenantdb.Durability(durability))
	if err != nil {
		return err
	}
	in, out := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	for {
		var o order
		if err := in.Decode(&o); errors.Is(err, io.EOF) {
			return a.close()
		} else if err != nil {
			return err
		}
		if err := out.Encode(a.do(o)); err != nil {
			return err
		}
	}
}

// peer is that process, seen from this one.
type peer struct {
	cmd    *exec.Cmd
	stdin  io.Closer
	orders *json.Encoder
	answer *json.Decoder
	stderr strings.Builder
}

func startPeer(folder string, maxOpen int, durability tenantdb.Durability) (*peer, error) {
	p := &peer{cmd: childtest.Command("takeOrders", folder, strconv.Itoa(maxOpen), strconv.Itoa(int(durability)))}
	p.cmd.Stderr = &p.stderr
	in, err := p.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.stdin, p.orders, p.answer = in, json.NewEncoder(in), json.NewDecoder(out)
	return p, p.cmd.Start()
}

// do has the other process carry out an order.
func (p *peer) do(o order) answer {
	err := p.orders.Encode(o)
	var a answer
	if err == nil {
		err = p.answer.Decode(&a)
	}
	if err != nil {
		return answer{How: wrong, Text: fmt.Sprintf("the other process: %v, %s", err, p.stderr.String())}
	}
	return a
}

// killAfter gives the orders all at once, waits for so many answers, and kills. It
// returns the answers that were given.
func (p *peer) killAfter(orders []order, n int) (given []answer, err error) {
	for _, o := range orders {
		if err := p.orders.Encode(o); err != nil {
			return nil, err
		}
	}
	for range n {
		var a answer
		if err := p.answer.Decode(&a); err != nil {
			return nil, fmt.Errorf("%w, %s", err, p.stderr.String())
		}
		given = append(given, a)
	}
	if err := p.cmd.Process.Kill(); err != nil {
		return nil, err
	}
	var a answer
	for p.answer.Decode(&a) == nil { // what it said before it died
		given = append(given, a)
		a = answer{}
	}
	_ = p.stdin.Close()
	_ = p.cmd.Wait() // killed
	return given, nil
}

// finish lets the process end by itself.
func (p *peer) finish() error {
	_ = p.stdin.Close()
	if err := p.cmd.Wait(); err != nil {
		return fmt.Errorf("the other process: %w, %s", err, p.stderr.String())
	}
	return nil
}
