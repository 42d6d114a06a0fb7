package query

// Embed has scan read the columns from number first on into v, as if they were a row of
// their own: those of one table within a row of several.
func Embed[T any](row *Row, first int, scan func(*Row, *T), v *T) {
	row.first += first
	scan(row, v)
	row.first -= first
}

// EmbedNull returns what scan reads of the columns from number first on, as of [Embed]. It
// is nil where column present is NULL, which of a row that is there it never is: an outer
// join found none.
func EmbedNull[T any](row *Row, first, present int, scan func(*Row, *T)) *T {
	if row.IsNull(present) {
		return nil
	}
	v := new(T)
	Embed(row, first, scan, v)
	return v
}
