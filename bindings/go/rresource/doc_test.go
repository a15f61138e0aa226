package rresource_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// A comment above a group describes what its members have in common: each member has another comment.
func TestEverythingExportedHasAComment(t *testing.T) {
	paths, err := filepath.Glob("*.go")
	succeeds(t, err)
	positions := token.NewFileSet()
	exported := 0
	look := func(names []*ast.Ident, comments ...*ast.CommentGroup) {
		text := ""
		for _, comment := range comments {
			text += comment.Text()
		}
		for _, name := range names {
			if !name.IsExported() {
				continue
			}
			exported++
			if text == "" {
				t.Errorf("%s: %s has no comment", positions.Position(name.Pos()), name)
			}
		}
	}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(positions, path, nil, parser.ParseComments|parser.SkipObjectResolution)
		succeeds(t, err)
		ast.Inspect(file, func(node ast.Node) bool {
			switch node := node.(type) {
			case *ast.FuncDecl:
				look([]*ast.Ident{node.Name}, node.Doc)
				return false
			case *ast.GenDecl:
				var above *ast.CommentGroup
				if !node.Lparen.IsValid() { // it declares one thing, whose comment this is
					above = node.Doc
				}
				for _, part := range node.Specs {
					switch part := part.(type) {
					case *ast.TypeSpec:
						look([]*ast.Ident{part.Name}, above, part.Doc, part.Comment)
					case *ast.ValueSpec:
						look(part.Names, above, part.Doc, part.Comment)
					}
				}
			case *ast.StructType:
				for _, field := range node.Fields.List {
					look(field.Names, field.Doc, field.Comment)
				}
			}
			return true
		})
	}
	if exported < 100 {
		t.Errorf("%d exported names: most were not looked at", exported)
	}
}
