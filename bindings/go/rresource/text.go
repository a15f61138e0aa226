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

// ParseError names the text that is a malformed limit or duration. It unwraps to the [syscall.Errno].
type ParseError struct {
	Resource Resource // the resource of the limit; NoResource for a duration
	Text     string   // the argument of [Parse] or [ParseDuration]
	Err      error    // ERANGE or EINVAL
}

// Error names the malformed text and its resource, like `parsing "8X" as a limit on AS: invalid argument`.
func (e *ParseError) Error() string {
	kind := "a duration"
	if e.Resource != NoResource {
		kind = "a limit on " + e.Resource.String()
	}
	return "parsing " + strconv.Quote(e.Text) + " as " + kind + ": " + e.Err.Error()
}

// Unwrap gives the reason, a [syscall.Errno].
func (e *ParseError) Unwrap() error { return e.Err }

// Parse parses limits as written in configuration files and on command lines: "1024", "8M", "4:unlimited",
// "1h30min". One value sets both limits; "soft:hard" sets each; "soft:" and ":hard" leave the other one as in
// present, and the word "hard" means the hard limit of present.
//
// Errors are a *[ParseError], with ERANGE: the text is valid but a number is too large. EINVAL: any other text,
// Cur above Max, and a resource that this system does not have.
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

// Format formats limits as text that [Parse] parses to the same numbers: "8M", "4:unlimited". EINVAL: this
// system has no such resource, or Cur is above Max.
func Format(resource Resource, limits Rlimit) (string, error) {
	var text [C.RR_RLIMIT_TEXT_SIZE]C.char
	values := limits.c()
	if code := C.rr_rlimit_format(C.int(resource), &values, &text[0], C.size_t(len(text))); code != 0 {
		return "", failure(code)
	}
	return C.GoString(&text[0]), nil
}

// ParseDuration parses a duration in the form of limits on time: "200ms", "1h30min", "90" for seconds. For
// [context.WithTimeout].
//
// Errors are a *[ParseError], with ERANGE: the duration exceeds 292 years, which is the longest in Go. EINVAL:
// any other text.
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
