package rresource

// #include "shim.h"
import "C"

import (
	"math"
	"strconv"
	"syscall"
	"time"
	"unsafe"
)

// ParseError says which text is a malformed limit or duration. It unwraps to the [syscall.Errno].
type ParseError struct {
	Resource Resource // on which it was to be a limit; NoResource for a duration
	Text     string   // what [Parse] or [ParseDuration] was given
	Err      error    // ERANGE or EINVAL
}

// Error says which text is malformed and which resource it was for, like `parsing "8X" as a limit on AS: invalid argument`.
func (e *ParseError) Error() string {
	kind := "a duration"
	if e.Resource != NoResource {
		kind = "a limit on " + e.Resource.String()
	}
	return "parsing " + strconv.Quote(e.Text) + " as " + kind + ": " + e.Err.Error()
}

// Unwrap gives the reason, a [syscall.Errno].
func (e *ParseError) Unwrap() error { return e.Err }

// Parse reads limits from text, as a configuration or a command line has them: "1024", "8M",
// "4:unlimited", "1h30min". One value sets both halves; "soft:hard" sets each; "soft:" and ":hard"
// leave the other as it is in present, and so does "hard" take its number from there.
//
// Errors are a *[ParseError], with ERANGE: the text is right but a number is too large. EINVAL: every other text, Cur above Max, and a
// resource that this system has not.
func Parse(resource Resource, text string, present Rlimit) (Rlimit, error) {
	bytes, err := syscall.BytePtrFromString(text)
	if err != nil { // a NUL inside
		return Rlimit{}, &ParseError{resource, text, syscall.EINVAL}
	}
	limits := present.c()
	if code := C.rr_rlimit_parse(C.int(resource), (*C.char)(unsafe.Pointer(bytes)), &limits); code != 0 {
		return Rlimit{}, &ParseError{resource, text, failure(code)}
	}
	return rlimit(limits), nil
}

// Format writes limits as text that [Parse] reads back to the same numbers: "8M", "4:unlimited".
// EINVAL: this system has no such resource, or Cur is above Max.
func Format(resource Resource, limits Rlimit) (string, error) {
	var text [C.RR_RLIMIT_TEXT_SIZE]C.char
	values := limits.c()
	if code := C.rr_rlimit_format(C.int(resource), &values, &text[0], C.size_t(len(text))); code != 0 {
		return "", failure(code)
	}
	return C.GoString(&text[0]), nil
}

// ParseDuration reads a duration as the limits on time are written: "200ms", "1h30min", "90" for seconds. For [context.WithTimeout].
//
// Errors are a *[ParseError], with ERANGE: the duration exceeds 292 years, which is the longest in Go. EINVAL: every
// other text.
func ParseDuration(text string) (time.Duration, error) {
	bytes, err := syscall.BytePtrFromString(text)
	if err != nil { // a NUL inside
		return 0, &ParseError{NoResource, text, syscall.EINVAL}
	}
	var nanoseconds C.uint64_t
	code := C.rr_duration_parse((*C.char)(unsafe.Pointer(bytes)), &nanoseconds)
	if code == 0 && nanoseconds > math.MaxInt64 {
		code = C.int(syscall.ERANGE)
	}
	if code != 0 {
		return 0, &ParseError{NoResource, text, failure(code)}
	}
	return time.Duration(nanoseconds), nil
}
