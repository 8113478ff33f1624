package pipeline

import "errors"

// These errors say what the failure of a run means to the caller, who looks for them with errors.Is and shows
// the text of the error that was returned.
var (
	// ErrConfiguration says that the run cannot be done as it was asked for, and that nothing was done.
	ErrConfiguration = errors.New("the run cannot be done as it was asked for")
	// ErrNothingPublished says that the last warehouse stays.
	ErrNothingPublished = errors.New("nothing was published")
	// ErrAfterPublishing says that the warehouse was published and that something failed then.
	ErrAfterPublishing = errors.New("something failed after publishing")
)

// A meaningError is an error with one of the meanings above. Its text is that of the error.
type meaningError struct{ meaning, err error }

func (e *meaningError) Error() string   { return e.err.Error() }
func (e *meaningError) Unwrap() []error { return []error{e.err, e.meaning} }

func configurationError(err error) error { return &meaningError{ErrConfiguration, err} }
func nothingPublished(err error) error   { return &meaningError{ErrNothingPublished, err} }
func afterPublishing(err error) error    { return &meaningError{ErrAfterPublishing, err} }
