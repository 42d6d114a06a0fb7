package query

// NonNil makes the rows of [Many] an empty slice where there are none. An error stays
// one without rows. It is for NonNil(Many(…)).
func NonNil[T any](rows []T, err error) ([]T, error) {
	if err == nil && rows == nil {
		return []T{}, nil
	}
	return rows, err
}

// Pointer returns a pointer to the row of [One], or nil with the error. It is for
// Pointer(One(…)).
func Pointer[T any](row T, err error) (*T, error) {
	if err != nil {
		return nil, err
	}
	return &row, nil
}

// Pointers returns pointers to the rows of [Many], nil where there are none. The rows
// share memory: who keeps one keeps all. It is for Pointers(Many(…)).
func Pointers[T any](rows []T, err error) ([]*T, error) {
	if err != nil || rows == nil {
		return nil, err
	}
	out := make([]*T, len(rows))
	for i := range rows {
		out[i] = &rows[i]
	}
	return out, nil
}
