package rresource

// #include "shim.h"
import "C"

import (
	"errors"
	"syscall"
)

// failure converts the result of a function of the library to an error: nil for 0.
func failure(code C.int) error {
	if code == 0 {
		return nil
	}
	return syscall.Errno(code)
}

// Explain returns the library's text for an error of this package: what it means to the caller and, if known,
// what to do. For an error without a [syscall.Errno] it returns the error's own text, and "" for nil.
func Explain(err error) string {
	var code syscall.Errno
	switch {
	case err == nil:
		return ""
	case errors.As(err, &code):
		return C.GoString(C.rr_strerror(C.int(code)))
	default:
		return err.Error()
	}
}

// Version returns the version of the loaded C library, like "0.1.0".
func Version() string {
	return C.GoString(C.rr_version_string())
}
