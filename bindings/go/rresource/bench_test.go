package rresource

import (
	"syscall"
	"testing"
)

func BenchmarkX(b *testing.B) {
	b.Run("ours", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; i < b.N; i++ {
			Getrlimit(NOFILE)
		}
	})
	b.Run("sys", func(b *testing.B) {
		b.ReportAllocs()
		var l syscall.Rlimit
		for i := 0; i < b.N; i++ {
			syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l)
		}
	})
}
