module github.com/rresource/rresource/bindings/go

go 1.21
