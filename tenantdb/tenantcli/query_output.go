package tenantcli

import (
	"bytes"
	"encoding/base64"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"text/tabwriter"

	"github.com/silokit/silo/tenantdb/fleet"
)

// rowWriter prints rows as they come.
type rowWriter struct {
	out     io.Writer
	format  string
	table   *tabwriter.Writer
	csv     *csv.Writer
	columns []string // of the rows that are printed, where a head says them
	rows    int      // since the head
}

// tableRows is of how many rows a table's columns are made as wide as is needed; then it goes on with
// another table.
const tableRows = 500

func newRowWriter(out io.Writer, format string) *rowWriter {
	return &rowWriter{out: out, format: format, csv: csv.NewWriter(out), table: newTable(out)}
}

func newTable(out io.Writer) *tabwriter.Writer { return tabwriter.NewWriter(out, 0, 0, 2, ' ', 0) }

// write prints a row.
func (w *rowWriter) write(row fleet.Row) error {
	if w.format == "jsonl" {
		return w.object(row)
	}
	if w.columns == nil || !slices.Equal(w.columns, row.Columns) || w.format == "table" && w.rows == tableRows {
		if err := w.head(row.Columns); err != nil {
			return err
		}
	}
	w.rows++
	cells := []string{row.Tenant.String()}
	for _, v := range row.Values {
		cells = append(cells, w.cell(v))
	}
	return w.line(cells)
}

// head prints what the columns are called. Where tenants have different columns, which SELECT * may
// have, there is a head for each.
func (w *rowWriter) head(columns []string) error {
	if w.columns != nil {
		if err := w.table.Flush(); err != nil {
			return err
		}
		if w.format == "table" {
			if _, err := fmt.Fprintln(w.out); err != nil {
				return err
			}
		}
	}
	w.columns, w.rows = columns, 0
	return w.line(append([]string{"tenant"}, columns...))
}

func (w *rowWriter) line(cells []string) error {
	if w.format == "csv" {
		return w.csv.Write(cells)
	}
	var line bytes.Buffer
	for i, cell := range cells {
		if i > 0 {
			line.WriteByte('\t')
		}
		line.WriteString(clean(cell))
	}
	line.WriteByte('\n')
	_, err := w.table.Write(line.Bytes())
	return err
}

// cell returns a value as text. In CSV NULL is empty, as it is nowhere told from an empty text.
func (w *rowWriter) cell(v any) string {
	switch v := v.(type) {
	case nil:
		if w.format == "csv" {
			return ""
		}
		return "NULL"
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case []byte:
		return "x'" + hex.EncodeToString(v) + "'"
	}
	return fmt.Sprint(v)
}

// object prints a row as JSON, with its columns in their order.
func (w *rowWriter) object(row fleet.Row) error {
	var out bytes.Buffer
	fmt.Fprintf(&out, `{"tenant":%q,"row":{`, row.Tenant.String())
	for i, v := range row.Values {
		if slices.Contains(row.Columns[:i], row.Columns[i]) {
			return usage("two columns are called %s: give one another name with AS", row.Columns[i])
		}
		name, err := encoded(row.Columns[i])
		if err != nil {
			return err
		}
		switch is := v.(type) {
		case []byte:
			v = base64.StdEncoding.EncodeToString(is)
		case float64:
			if math.IsInf(is, 0) { // of which JSON has no number
				v = fmt.Sprint(is)
			}
		}
		value, err := encoded(v)
		if err != nil {
			return err
		}
		if i > 0 {
			out.WriteByte(',')
		}
		out.Write(name)
		out.WriteByte(':')
		out.Write(value)
	}
	out.WriteString("}}\n")
	_, err := w.out.Write(out.Bytes())
	return err
}

func encoded(v any) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}

// end prints what is left.
func (w *rowWriter) end() error {
	w.csv.Flush()
	if err := w.csv.Error(); err != nil {
		return err
	}
	return w.table.Flush()
}
