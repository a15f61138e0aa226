//go:build !cgo

package rresource

// The package calls a C library: without cgo nothing of it can be built. The name of what is missing is the message.
var _ = this_package_needs_cgo__set_CGO_ENABLED_to_1_and_install_a_C_compiler
