package sqltext

// Statements splits tokens at the semicolons between statements, which it leaves out.
// The statements within a trigger do not end the CREATE TRIGGER around them.
func Statements(tokens []Token) [][]Token {
	var statements [][]Token
	s := splitter{}
	start := 0
	for i, token := range tokens {
		if token.Blank() {
			continue
		}
		if token.Is(";") && !s.inBody() {
			statements = append(statements, tokens[start:i])
			s, start = splitter{}, i+1
			continue
		}
		s.read(token)
	}
	return append(statements, tokens[start:])
}

// splitter knows how far a statement has been read.
type splitter struct {
	words   int  // those read so far, up to the few that tell a trigger
	create  bool // the first is CREATE
	trigger bool
	depth   int // of BEGIN and CASE not yet ended
	began   bool
}

func (s *splitter) read(token Token) {
	s.words++
	switch {
	case s.words == 1:
		s.create = token.Is("CREATE")
	case s.words <= 3 && s.create && token.Is("TRIGGER"): // CREATE [TEMP] TRIGGER
		s.trigger = true
	case !s.trigger:
	case token.Is("BEGIN"):
		s.depth++
		s.began = true
	case token.Is("CASE") && s.began:
		s.depth++
	case token.Is("END") && s.began:
		s.depth--
	}
}

// inBody reports whether a semicolon would be one of the trigger's own statements.
func (s *splitter) inBody() bool { return s.trigger && s.began && s.depth > 0 }
