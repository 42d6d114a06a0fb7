package infer

import (
	"slices"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
)

// nulls says when a function returns NULL.
type nulls int

const (
	never     nulls = iota
	withArg         // when an argument is NULL
	anytime         // whenever it pleases
	withFirst       // when the first argument is NULL
	ofNumber        // when an argument is NULL or no number
	ofPath          // when an argument is NULL, and when it is asked for a part that is not there
	ofChange        // when the document or a path is NULL
	ofOther         // unless it is told what stands for a row that is not there
	ofTime          // unless what it is asked of is surely a time, see certainTime
	ofGroup         // when no value of the group is other than NULL, or the group is empty
	ofWeights       // unless those of the columns are written out
)

// shape says which type a function returns when that depends on its arguments.
type shape int

const (
	fixed   shape = iota
	same          // that of the first argument
	numeric       // INTEGER of an INTEGER, else a number
)

// function is what is known of an SQL function.
type function struct {
	result Type // of a fixed shape; Unknown when it is not known
	shape  shape
	nulls  nulls
	args   []Type // what parameters in these places stand for; the last one repeats
	json   bool   // a TEXT that it returns holds JSON
	why    string // why result is Unknown
}

const anyJSON = " returns whatever the document holds"

var (
	text    = []Type{Text}
	real    = []Type{Real}
	integer = []Type{Integer}
)

// functions are those that SQLite knows as it is built here.
var functions = map[string]function{
	// https://www.sqlite.org/lang_corefunc.html
	"abs":                       {shape: numeric, nulls: withArg, args: real},
	"changes":                   {result: Integer},
	"char":                      {result: Text, args: integer},
	"concat":                    {result: Text, args: text},
	"concat_ws":                 {result: Text, nulls: withFirst, args: text},
	"format":                    {result: Text, nulls: withFirst, args: []Type{Text, Unknown}},
	"glob":                      {result: Bool, nulls: withArg, args: text},
	"hex":                       {result: Text},
	"instr":                     {result: Integer, nulls: withArg, args: text},
	"last_insert_rowid":         {result: Integer},
	"length":                    {result: Integer, nulls: withArg, args: text},
	"like":                      {result: Bool, nulls: withArg, args: text},
	"likelihood":                {shape: same, nulls: withArg},
	"likely":                    {shape: same, nulls: withArg},
	"lower":                     {result: Text, nulls: withArg, args: text},
	"ltrim":                     {result: Text, nulls: withArg, args: text},
	"octet_length":              {result: Integer, nulls: withArg, args: text},
	"printf":                    {result: Text, nulls: withFirst, args: []Type{Text, Unknown}},
	"quote":                     {result: Text},
	"random":                    {result: Integer},
	"randomblob":                {result: Blob, args: integer},
	"replace":                   {result: Text, nulls: withArg, args: text},
	"round":                     {result: Real, nulls: withArg, args: []Type{Real, Integer}},
	"rtrim":                     {result: Text, nulls: withArg, args: text},
	"sign":                      {result: Integer, nulls: ofNumber, args: real},
	"soundex":                   {result: Text, args: text},
	"sqlite_compileoption_get":  {result: Text, nulls: anytime, args: integer},
	"sqlite_compileoption_used": {result: Bool, nulls: anytime, args: text},
	"sqlite_source_id":          {result: Text},
	"sqlite_version":            {result: Text},
	"substr":                    {result: Text, nulls: withArg, args: []Type{Text, Integer}},
	"substring":                 {result: Text, nulls: withArg, args: []Type{Text, Integer}},
	"total_changes":             {result: Integer},
	"trim":                      {result: Text, nulls: withArg, args: text},
	"typeof":                    {result: Text},
	"unhex":                     {result: Blob, nulls: anytime, args: text},
	"unicode":                   {result: Integer, nulls: anytime, args: text},
	"unistr":                    {result: Text, nulls: withArg, args: text},
	"unistr_quote":              {result: Text, nulls: never},
	"unlikely":                  {shape: same, nulls: withArg},
	"upper":                     {result: Text, nulls: withArg, args: text},
	"zeroblob":                  {result: Blob, nulls: withArg, args: integer},

	// https://www.sqlite.org/lang_datefunc.html
	"date":      {result: Text, nulls: ofTime, args: text},
	"datetime":  {result: Text, nulls: ofTime, args: text},
	"julianday": {result: Real, nulls: ofTime, args: text},
	"strftime":  {result: Text, nulls: ofTime, args: text},
	"time":      {result: Text, nulls: ofTime, args: text},
	"timediff":  {result: Text, nulls: anytime, args: text},
	"unixepoch": {result: Integer, nulls: ofTime, args: text},

	// https://www.sqlite.org/lang_aggfunc.html and windowfunctions.html
	"avg":          {result: Real, nulls: ofGroup, args: real},
	"count":        {result: Integer},
	"cume_dist":    {result: Real},
	"dense_rank":   {result: Integer},
	"first_value":  {shape: same, nulls: ofGroup},
	"group_concat": {result: Text, nulls: ofGroup, args: []Type{Unknown, Text}},
	"lag":          {shape: same, nulls: ofOther, args: []Type{Unknown, Integer, Unknown}},
	"last_value":   {shape: same, nulls: ofGroup},
	"lead":         {shape: same, nulls: ofOther, args: []Type{Unknown, Integer, Unknown}},
	"nth_value":    {shape: same, nulls: anytime, args: []Type{Unknown, Integer}},
	"ntile":        {result: Integer, args: integer},
	"percent_rank": {result: Real},
	"rank":         {result: Integer},
	"row_number":   {result: Integer},
	"string_agg":   {result: Text, nulls: ofGroup, args: []Type{Unknown, Text}},
	"sum":          {shape: numeric, nulls: ofGroup, args: real},
	"total":        {result: Real, args: real},

	// https://www.sqlite.org/json1.html
	"json":                {result: Text, nulls: withArg, args: text, json: true},
	"json_array":          {result: Text, json: true},
	"json_array_insert":   {result: Text, nulls: ofChange, args: []Type{Text, Text, Unknown}, json: true},
	"json_array_length":   {result: Integer, nulls: ofPath, args: text},
	"json_error_position": {result: Integer, nulls: withArg, args: text},
	"json_extract":        {nulls: anytime, args: text, why: "json_extract" + anyJSON},
	"json_group_array":    {result: Text, json: true},
	"json_group_object":   {result: Text, json: true},
	"json_insert":         {result: Text, nulls: ofChange, args: []Type{Text, Text, Unknown}, json: true},
	"json_object":         {result: Text, args: []Type{Unknown}, json: true},
	"json_patch":          {result: Text, nulls: withArg, args: text, json: true},
	"json_pretty":         {result: Text, nulls: withArg, args: text, json: true},
	"json_quote":          {result: Text, json: true},
	"json_remove":         {result: Text, nulls: anytime, args: text, json: true},
	"json_replace":        {result: Text, nulls: ofChange, args: []Type{Text, Text, Unknown}, json: true},
	"json_set":            {result: Text, nulls: ofChange, args: []Type{Text, Text, Unknown}, json: true},
	"json_type":           {result: Text, nulls: ofPath, args: text},
	"json_valid":          {result: Bool, nulls: withArg, args: []Type{Text, Integer}},
	"jsonb":               {result: Blob, nulls: withArg, args: text},
	"jsonb_array":         {result: Blob},
	"jsonb_array_insert":  {result: Blob, nulls: ofChange, args: []Type{Text, Text, Unknown}},
	"jsonb_extract":       {nulls: anytime, args: text, why: "jsonb_extract" + anyJSON},
	"jsonb_group_array":   {result: Blob},
	"jsonb_group_object":  {result: Blob},
	"jsonb_insert":        {result: Blob, nulls: ofChange, args: []Type{Text, Text, Unknown}},
	"jsonb_object":        {result: Blob},
	"jsonb_patch":         {result: Blob, nulls: withArg, args: text},
	"jsonb_remove":        {result: Blob, nulls: anytime, args: text},
	"jsonb_replace":       {result: Blob, nulls: ofChange, args: []Type{Text, Text, Unknown}},
	"jsonb_set":           {result: Blob, nulls: ofChange, args: []Type{Text, Text, Unknown}},

	// https://www.sqlite.org/lang_mathfunc.html
	"acos": {result: Real, nulls: anytime, args: real}, "acosh": {result: Real, nulls: anytime, args: real},
	"asin": {result: Real, nulls: anytime, args: real}, "asinh": {result: Real, nulls: ofNumber, args: real},
	"atan": {result: Real, nulls: ofNumber, args: real}, "atan2": {result: Real, nulls: ofNumber, args: real},
	"atanh": {result: Real, nulls: anytime, args: real},
	"ceil":  {shape: numeric, nulls: ofNumber, args: real}, "ceiling": {shape: numeric, nulls: ofNumber, args: real},
	"cos": {result: Real, nulls: ofNumber, args: real}, "cosh": {result: Real, nulls: ofNumber, args: real},
	"degrees": {result: Real, nulls: ofNumber, args: real},
	"exp":     {result: Real, nulls: ofNumber, args: real},
	"floor":   {shape: numeric, nulls: ofNumber, args: real},
	"ln":      {result: Real, nulls: anytime, args: real}, "log": {result: Real, nulls: anytime, args: real},
	"log10": {result: Real, nulls: anytime, args: real}, "log2": {result: Real, nulls: anytime, args: real},
	"mod": {result: Real, nulls: anytime, args: real},
	"pi":  {result: Real},
	"pow": {result: Real, nulls: anytime, args: real}, "power": {result: Real, nulls: anytime, args: real},
	"radians": {result: Real, nulls: ofNumber, args: real},
	"sin":     {result: Real, nulls: ofNumber, args: real}, "sinh": {result: Real, nulls: ofNumber, args: real},
	"sqrt": {result: Real, nulls: anytime, args: real},
	"tan":  {result: Real, nulls: ofNumber, args: real}, "tanh": {result: Real, nulls: ofNumber, args: real},
	"trunc": {shape: numeric, nulls: ofNumber, args: real},

	// https://www.sqlite.org/fts5.html, and FTS3 and FTS4
	"bm25":      {result: Real, nulls: ofWeights, args: []Type{Unknown, Real}},
	"highlight": {result: Text, nulls: anytime, args: []Type{Unknown, Integer, Text}},
	"matchinfo": {result: Blob, nulls: anytime},
	"offsets":   {result: Text, nulls: anytime},
	"snippet":   {result: Text, nulls: anytime, args: []Type{Unknown, Unknown, Text, Text, Text, Integer}},
}

// aggregates are the functions that make one value of many rows, unless OVER follows.
var aggregates = map[string]bool{
	"avg": true, "count": true, "group_concat": true, "json_group_array": true, "json_group_object": true,
	"jsonb_group_array": true, "jsonb_group_object": true, "string_agg": true, "sum": true, "total": true,
}

// sessionFunctions tell of what the connection did before.
var sessionFunctions = []string{"changes", "last_insert_rowid", "total_changes"}

// AsksSession reports whether a statement calls a function that tells of what the
// connection did before.
func AsksSession(tokens []sqltext.Token) bool { return Calls(tokens, sessionFunctions...) }

// Calls reports whether a statement calls one of the functions.
func Calls(tokens []sqltext.Token, functions ...string) bool {
	for i, token := range tokens {
		if slices.Contains(functions, strings.ToLower(token.Name)) && i+1 < len(tokens) && tokens[i+1].Is("(") {
			return true
		}
	}
	return false
}
