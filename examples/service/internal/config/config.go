// Package config is what the service is told by its environment.
package config

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
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

// Load reads the settings from the environment. A value that is none is an error that names
// the variable.
func Load() (Config, error) {
	config, err := env.ParseAsWithOptions[Config](env.Options{Prefix: Prefix})
	if err != nil {
		return Config{}, named(err)
	}
	if config.LogFormat != "text" && config.LogFormat != "json" {
		return Config{}, fmt.Errorf("%sLOG_FORMAT is %q; use text or json", Prefix, config.LogFormat)
	}
	return config, nil
}

// named returns what env says of values, with the names of variables where it has those of fields.
func named(err error) error {
	var all env.AggregateError
	if !errors.As(err, &all) {
		return err
	}
	for i, one := range all.Errors {
		var wrong env.ParseError
		if !errors.As(one, &wrong) {
			continue
		}
		for field := range fields() {
			if field.Name == wrong.Name {
				all.Errors[i] = fmt.Errorf("%s%s: %w", Prefix, field.Tag.Get("env"), wrong.Err)
			}
		}
	}
	return errors.Join(all.Errors...)
}

// fields yields the settings, each a field.
func fields() iter.Seq[reflect.StructField] {
	return func(yield func(reflect.StructField) bool) {
		for _, settings := range []reflect.Type{reflect.TypeFor[Config](), reflect.TypeFor[edge.Config]()} {
			for i := range settings.NumField() {
				if field := settings.Field(i); field.Tag.Get("env") != "" && !yield(field) {
					return
				}
			}
		}
	}
}

// Logger returns the log that the settings ask for.
func (c Config) Logger(w io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: c.LogLevel}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}

// Reference prints each variable with its default and its meaning.
func Reference(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "VARIABLE\tDEFAULT\tMEANING")
	for field := range fields() {
		fmt.Fprintf(table, "%s%s\t%s\t%s\n", Prefix, field.Tag.Get("env"), field.Tag.Get("envDefault"), field.Tag.Get("help"))
	}
	return table.Flush()
}
