// Package config is what the service is told by its environment.
package config

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"reflect"
	"text/tabwriter"
	"time"

	"github.com/caarlos0/env/v11"

	"github.com/silokit/silo/examples/service/internal/edge"
)

// Prefix is how the names of all variables begin.
const Prefix = "SERVICE_"

// Config are the settings. Reference prints them with their meaning.
type Config struct {
	Addr         string        `env:"ADDR" envDefault:"127.0.0.1:8080" help:"the address to listen at; port 0 is any free one"`
	Data         string        `env:"DATA" envDefault:"data" help:"the folder of the databases, on a local disk"`
	LogLevel     slog.Level    `env:"LOG_LEVEL" envDefault:"INFO" help:"DEBUG, INFO, WARN or ERROR"`
	LogFormat    string        `env:"LOG_FORMAT" envDefault:"text" help:"text or json"`
	MaxBody      int64         `env:"MAX_BODY" envDefault:"65536" help:"the most bytes of a request's body"`
	MaxOpen      int           `env:"MAX_OPEN" envDefault:"0" help:"the most tenants open at once; 0 is what the limit of open files allows"`
	DrainDelay   time.Duration `env:"DRAIN_DELAY" envDefault:"0s" help:"how long a service that is to stop still takes requests, while /readyz tells balancers"`
	DrainTimeout time.Duration `env:"DRAIN_TIMEOUT" envDefault:"20s" help:"how long requests under way may take to end after that"`
	Edge         edge.Config
}

// Load reads the settings from the environment. A value that cannot be is an error that names
// the variable.
func Load() (Config, error) {
	config, err := env.ParseAsWithOptions[Config](env.Options{Prefix: Prefix})
	if err != nil {
		return Config{}, named(err)
	}
	if err := config.check(); err != nil {
		return Config{}, err
	}
	return config, nil
}

// named says of the values that are not of their types which variables have them: env names fields.
func named(err error) error {
	var all env.AggregateError
	if !errors.As(err, &all) {
		return err
	}
	var errs []error
	for _, err := range all.Errors {
		var wrong env.ParseError
		if errors.As(err, &wrong) {
			for _, field := range fields() {
				if field.Name == wrong.Name {
					err = fmt.Errorf("%s is no %v: %w", variable(field), wrong.Type, wrong.Err)
				}
			}
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// check returns which value is of its type and cannot be.
func (c Config) check() error {
	_, _, notAddress := net.SplitHostPort(c.Addr)
	for _, setting := range []struct {
		name  string
		value any
		use   string
		wrong bool
	}{
		{"ADDR", c.Addr, "a host and a port, such as 127.0.0.1:8080", notAddress != nil},
		{"LOG_FORMAT", c.LogFormat, "text or json", c.LogFormat != "text" && c.LogFormat != "json"},
		{"MAX_BODY", c.MaxBody, "1 or more", c.MaxBody < 1},
		{"MAX_OPEN", c.MaxOpen, "0 or more", c.MaxOpen < 0},
		{"DRAIN_DELAY", c.DrainDelay, "0s or more", c.DrainDelay < 0},
		{"DRAIN_TIMEOUT", c.DrainTimeout, "more than 0s", c.DrainTimeout <= 0},
	} {
		if setting.wrong {
			return fmt.Errorf("%s%s is \"%v\"; use %s", Prefix, setting.name, setting.value, setting.use)
		}
	}
	return nil
}

// Logger returns the log that the settings ask for.
func (c Config) Logger(w io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: c.LogLevel}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}

// fields are those that variables set.
func fields() (all []reflect.StructField) {
	for _, of := range []reflect.Type{reflect.TypeFor[Config](), reflect.TypeFor[edge.Config]()} {
		for i := range of.NumField() {
			if field := of.Field(i); field.Tag.Get("env") != "" {
				all = append(all, field)
			}
		}
	}
	return all
}

// variable is the name of the one that sets a field.
func variable(field reflect.StructField) string { return Prefix + field.Tag.Get("env") }

// Reference prints each variable with its default and its meaning.
func Reference(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "VARIABLE\tDEFAULT\tMEANING")
	for _, field := range fields() {
		fmt.Fprintf(table, "%s\t%s\t%s\n", variable(field), field.Tag.Get("envDefault"), field.Tag.Get("help"))
	}
	return table.Flush()
}
