package infer

import "strings"

// nulls says when a function returns NULL.
type nulls int

const (
	never    nulls = iota
	withArg        // when an argument is NULL
	anytime        // whenever it pleases
	ofTime         // unless it is asked of 'now', with modifiers that are written out
	ofGroup        // when no value of the group is other than NULL, or the group is empty
	ofWindow       // never, for a window function
)

// function is what is known of an SQL function.
type function struct {
	result Type // Unknown when it is that of the first argument, or not known
	first  bool // the result has the type of the first argument
	nulls  nulls
	args   []Type // what parameters in these places stand for; the last one repeats
}

var functions = map[string]function{
	"abs":               {first: true, nulls: withArg},
	"avg":               {result: Real, nulls: ofGroup},
	"bm25":              {result: Real, nulls: anytime},
	"changes":           {result: Integer},
	"char":              {result: Text, args: []Type{Integer}},
	"concat":            {result: Text, args: []Type{Text}},
	"concat_ws":         {result: Text, nulls: withArg, args: []Type{Text}},
	"count":             {result: Integer, nulls: never},
	"cume_dist":         {result: Real, nulls: ofWindow},
	"date":              {result: Text, nulls: ofTime, args: []Type{Text}},
	"datetime":          {result: Text, nulls: ofTime, args: []Type{Text}},
	"dense_rank":        {result: Integer, nulls: ofWindow},
	"first_value":       {first: true, nulls: ofGroup},
	"format":            {result: Text, nulls: withArg, args: []Type{Text, Unknown}},
	"group_concat":      {result: Text, nulls: ofGroup, args: []Type{Unknown, Text}},
	"hex":               {result: Text},
	"highlight":         {result: Text, nulls: anytime, args: []Type{Text, Integer, Text}},
	"instr":             {result: Integer, nulls: withArg, args: []Type{Text}},
	"json":              {result: Text, nulls: withArg, args: []Type{Text}},
	"json_array":        {result: Text},
	"json_array_length": {result: Integer, nulls: anytime, args: []Type{Text}},
	"json_extract":      {nulls: anytime, args: []Type{Text}},
	"json_group_array":  {result: Text, nulls: never},
	"json_group_object": {result: Text, nulls: never},
	"json_insert":       {result: Text, nulls: anytime, args: []Type{Text, Text, Unknown}},
	"json_object":       {result: Text},
	"json_patch":        {result: Text, nulls: withArg, args: []Type{Text}},
	"json_quote":        {result: Text},
	"json_remove":       {result: Text, nulls: anytime, args: []Type{Text}},
	"json_replace":      {result: Text, nulls: anytime, args: []Type{Text, Text, Unknown}},
	"json_set":          {result: Text, nulls: anytime, args: []Type{Text, Text, Unknown}},
	"json_type":         {result: Text, nulls: anytime, args: []Type{Text}},
	"json_valid":        {result: Bool, nulls: withArg, args: []Type{Text}},
	"julianday":         {result: Real, nulls: ofTime, args: []Type{Text}},
	"lag":               {first: true, nulls: anytime, args: []Type{Unknown, Integer, Unknown}},
	"last_insert_rowid": {result: Integer},
	"last_value":        {first: true, nulls: ofGroup},
	"lead":              {first: true, nulls: anytime, args: []Type{Unknown, Integer, Unknown}},
	"length":            {result: Integer, nulls: withArg, args: []Type{Text}},
	"likely":            {first: true, nulls: withArg},
	"lower":             {result: Text, nulls: withArg, args: []Type{Text}},
	"ltrim":             {result: Text, nulls: withArg, args: []Type{Text}},
	"nth_value":         {first: true, nulls: anytime, args: []Type{Unknown, Integer}},
	"ntile":             {result: Integer, nulls: ofWindow, args: []Type{Integer}},
	"octet_length":      {result: Integer, nulls: withArg, args: []Type{Text}},
	"percent_rank":      {result: Real, nulls: ofWindow},
	"printf":            {result: Text, nulls: withArg, args: []Type{Text, Unknown}},
	"quote":             {result: Text},
	"random":            {result: Integer},
	"randomblob":        {result: Blob, args: []Type{Integer}},
	"rank":              {result: Integer, nulls: ofWindow},
	"replace":           {result: Text, nulls: withArg, args: []Type{Text}},
	"round":             {result: Real, nulls: withArg, args: []Type{Real, Integer}},
	"row_number":        {result: Integer, nulls: ofWindow},
	"rtrim":             {result: Text, nulls: withArg, args: []Type{Text}},
	"snippet":           {result: Text, nulls: anytime, args: []Type{Text, Integer, Text, Text, Text, Integer}},
	"sqlite_version":    {result: Text},
	"strftime":          {result: Text, nulls: ofTime, args: []Type{Text}},
	"string_agg":        {result: Text, nulls: ofGroup, args: []Type{Unknown, Text}},
	"substr":            {result: Text, nulls: withArg, args: []Type{Text, Integer}},
	"substring":         {result: Text, nulls: withArg, args: []Type{Text, Integer}},
	"sum":               {first: true, nulls: ofGroup},
	"time":              {result: Text, nulls: ofTime, args: []Type{Text}},
	"total":             {result: Real, nulls: never},
	"total_changes":     {result: Integer},
	"trim":              {result: Text, nulls: withArg, args: []Type{Text}},
	"typeof":            {result: Text},
	"unicode":           {result: Integer, nulls: anytime, args: []Type{Text}},
	"unixepoch":         {result: Integer, nulls: ofTime, args: []Type{Text}},
	"unlikely":          {first: true, nulls: withArg},
	"upper":             {result: Text, nulls: withArg, args: []Type{Text}},
	"zeroblob":          {result: Blob, args: []Type{Integer}},
}

// aggregates are the functions that make one value of many rows, unless OVER follows.
var aggregates = map[string]bool{
	"avg": true, "count": true, "group_concat": true, "json_group_array": true, "json_group_object": true,
	"string_agg": true, "sum": true, "total": true,
}

// session are the functions that tell of what the connection did before.
var session = map[string]bool{"changes": true, "last_insert_rowid": true, "total_changes": true}

// call reads function(…) with FILTER and OVER behind it.
func (p *parser) call(s *scope) expr {
	name := strings.ToLower(p.name())
	p.expect("(")
	p.take("DISTINCT")
	var args []expr
	if !p.take("*") {
		for !p.is(")") && !p.is("ORDER") {
			args = append(args, p.expr(s))
			if !p.take(",") {
				break
			}
		}
	}
	if p.take("ORDER", "BY") {
		p.ordering(s)
	}
	p.expect(")")
	if session[name] {
		p.result.Session = true
	}

	aggregate := aggregates[name] || (name == "min" || name == "max") && len(args) == 1
	certain := true // the group has the row at hand
	if p.take("FILTER") {
		p.expect("(", "WHERE")
		p.place(p.expr(s), Bool)
		p.expect(")")
		certain = false
	}
	if p.take("OVER") {
		aggregate = false
		if !p.is("(") {
			p.name()
			certain = false
		} else if p.window(s) {
			certain = false
		}
	} else if aggregate && s.collapsed {
		certain = false // the one group may be empty
	}
	e := p.value(name, args, certain)
	e.aggregate = aggregate
	if !aggregate {
		for _, arg := range args {
			e.aggregate = e.aggregate || arg.aggregate
		}
	}
	e.name = name
	return e
}

// value returns the value of a function.
func (p *parser) value(name string, args []expr, certain bool) expr {
	switch name {
	case "coalesce", "ifnull":
		e := p.oneOf(args)
		e.nullable = true
		for _, arg := range args {
			if arg.param == 0 && !arg.nullable {
				e.nullable = false
			}
		}
		return e
	case "iif", "if":
		return p.choice(args)
	case "nullif":
		if len(args) == 2 {
			p.match(args[0], args[1])
			return expr{typ: args[0].typ, nullable: true}
		}
	case "min", "max":
		e := p.oneOf(args)
		if len(args) == 1 {
			e.nullable = args[0].nullable || !certain
		}
		return e
	}
	f, ok := functions[name]
	if !ok {
		return expr{nullable: true}
	}
	e := expr{typ: f.result}
	if f.first && len(args) > 0 {
		e.typ = counted(args[0].typ)
	}
	if name == "sum" || name == "abs" {
		e.typ = number(e.typ, e.typ)
	}
	if (name == "substr" || name == "substring") && len(args) > 0 && args[0].param == 0 && args[0].typ == Blob {
		e.typ, e.nullable = Blob, true // of an empty one, and beyond the end, it is NULL
	}
	if (name == "lag" || name == "lead") && len(args) == 3 {
		e.typ = either(e.typ, args[2].typ)
	}
	if name == "unixepoch" && !wholeSeconds(args) {
		e.typ = Unknown
	}
	for i, arg := range args {
		if n := len(f.args); n > 0 {
			p.place(arg, f.args[min(i, n-1)])
		}
		e.nullable = e.nullable || f.nulls == withArg && arg.nullable
	}
	switch f.nulls {
	case anytime:
		e.nullable = true
	case ofTime:
		e.nullable = !ofNow(name, args)
	case ofGroup:
		e.nullable = !certain || len(args) == 0 || args[0].nullable
	}
	return e
}

// choice returns the value of iif(condition, value, …, otherwise).
func (p *parser) choice(args []expr) expr {
	var values []expr
	i := 0
	for ; i+1 < len(args); i += 2 {
		p.place(args[i], Bool)
		values = append(values, args[i+1])
	}
	total := i < len(args)
	if total {
		values = append(values, args[i])
	}
	e := p.oneOf(values)
	e.nullable = e.nullable || !total
	return e
}

// ofNow reports whether a date function surely finds a time: that of 'now', in a
// format that is written out and known.
func ofNow(name string, args []expr) bool {
	at := 0
	if name == "strftime" {
		at = 1
	}
	for _, arg := range args {
		if !arg.literal || arg.typ != Text {
			return false
		}
	}
	if at == 1 && (len(args) == 0 || !knownFormat(args[0].name)) {
		return false
	}
	return len(args) <= at || len(args) == at+1 && args[at].name == "'now'"
}

// knownFormat reports whether strftime has a value for every % of the format.
func knownFormat(format string) bool {
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			continue
		}
		i++
		if i == len(format) || !strings.ContainsRune("dfHjJmMsSwWY%", rune(format[i])) {
			return false
		}
	}
	return true
}

// wholeSeconds reports whether unixepoch gives an integer, which it does unless it is
// asked for fractions.
func wholeSeconds(args []expr) bool {
	for i, arg := range args {
		if i > 0 && !arg.literal || strings.Contains(strings.ToLower(arg.name), "subsec") {
			return false
		}
	}
	return true
}
