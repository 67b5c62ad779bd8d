package drift

import "errors"

// The sentinels, chosen by what the caller does next. Wrap them with the
// operand; test with errors.Is.
var (
	// ErrInvalid: the input can never be understood. Drop it and count it.
	ErrInvalid = errors.New("invalid")
	// ErrNotFound: the thing asked for does not exist.
	ErrNotFound = errors.New("not found")
	// ErrRetry: nothing is wrong with the request; ask again later.
	ErrRetry = errors.New("try again")
	// ErrConflict: somebody else wrote first; read again and decide anew.
	ErrConflict = errors.New("changed meanwhile")
)
