package tenantcli

import (
	"errors"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/fleet"
)

// selecting are the arguments and flags by which a command on many tenants is told which.
type selecting struct {
	match, except, labels []string
	file                  string
	workers               int
}

func (c *selecting) flags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringArrayVar(&c.match, "match", nil, "only IDs of a `pattern`, as acme-*; may be given again")
	flags.StringArrayVar(&c.except, "except", nil, "no IDs of that `pattern`; may be given again")
	flags.StringArrayVar(&c.labels, "label", nil, "only who has the label `name=value`, or all of them")
	flags.StringVar(&c.file, "tenants", "", "only IDs of a `file`, one a line; - is stdin")
	flags.IntVar(&c.workers, "concurrency", 0, "how many tenants are worked on at once (default: 4)")
	_ = cmd.MarkFlagFilename("tenants")
}

// read returns which tenants are meant. names are arguments.
func (c *selecting) read(cmd *cobra.Command, names []string) (s fleet.Selection, err error) {
	if c.workers < 0 {
		return s, usage("--concurrency is %d", c.workers)
	}
	s.Match, s.Except = c.match, c.except
	for _, label := range c.labels {
		name, value, ok := strings.Cut(label, "=")
		if !ok || name == "" {
			return s, usage("--label is %q: write name=value", label)
		}
		if s.Labels == nil {
			s.Labels = map[string]string{}
		}
		if before, ok := s.Labels[name]; ok && before != value {
			return s, usage("--label %s is both %s and %s: no tenant has two values", name, before, value)
		}
		s.Labels[name] = value
	}
	for _, name := range names {
		id, err := parseID(name)
		if err != nil {
			return s, err
		}
		s.Tenants = append(s.Tenants, id)
	}
	if c.file == "" {
		return s, nil
	}
	if len(names) > 0 {
		return s, usage("%s takes IDs or --tenants (see %s --help)", cmd.CommandPath(), cmd.CommandPath())
	}
	if s.Tenants, err = c.readFile(cmd.InOrStdin()); err == nil && len(s.Tenants) == 0 {
		err = usage("--tenants: there is no ID in %s", c.file)
	}
	return s, err
}

func (c *selecting) readFile(in io.Reader) (ids []tenantdb.ID, err error) {
	if c.file != "-" {
		f, err := os.Open(c.file)
		if err != nil {
			return nil, usage("--tenants: %w", err)
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		in = f
	}
	if ids, err = fleet.ReadIDs(in); err != nil {
		err = &codedError{code: ExitUsage, err: &tenantdb.Error{Op: "read the tenants", Path: c.file, Err: err, Hint: "write one ID a line; nothing was done"}}
	}
	return ids, err
}

// usageOf makes errors of what was asked for those of a wrong call.
func usageOf(err error) error {
	if errors.Is(err, fleet.ErrBadSelection) || errors.Is(err, fleet.ErrBadStatement) {
		return &codedError{code: ExitUsage, err: err}
	}
	return err
}
