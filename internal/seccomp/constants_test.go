package seccomp

import (
	"fmt"
	"go/ast"
	"go/build"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// constants are those of x/sys/unix on one architecture, read from its source:
// the tests compare with what that package says of machines they do not run on.
type constants struct {
	files *token.FileSet
	unix  *types.Package
}

var sources sync.Map // of architectures

func constantsOf(t testing.TB, arch string) *constants {
	t.Helper()
	load, _ := sources.LoadOrStore(arch, sync.OnceValues(func() (*constants, error) { return loadConstants(arch) }))
	c, err := load.(func() (*constants, error))()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func loadConstants(arch string) (*constants, error) {
	dir, err := exec.Command("go", "list", "-f", "{{.Dir}}", "golang.org/x/sys/unix").Output()
	if err != nil {
		return nil, err
	}
	target := build.Default
	target.GOOS, target.GOARCH, target.CgoEnabled = "linux", arch, false
	pkg, err := target.ImportDir(strings.TrimSpace(string(dir)), 0)
	if err != nil {
		return nil, err
	}
	files := token.NewFileSet()
	var parsed []*ast.File
	for _, name := range pkg.GoFiles {
		f, err := parser.ParseFile(files, filepath.Join(pkg.Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		parsed = append(parsed, f)
	}
	// Errors are about imports, which no constant here needs.
	config := types.Config{IgnoreFuncBodies: true, Error: func(error) {}}
	unix, _ := config.Check("unix", files, parsed, nil)
	return &constants{files, unix}, nil
}

// value evaluates an expression of constants.
func (c *constants) value(expr string) (uint64, error) {
	tv, err := types.Eval(c.files, c.unix, token.NoPos, expr)
	if err != nil {
		return 0, err
	}
	if tv.Value == nil || tv.Value.Kind() != constant.Int {
		return 0, fmt.Errorf("%s is no number", expr)
	}
	if v, ok := constant.Uint64Val(tv.Value); ok {
		return v, nil
	}
	v, _ := constant.Int64Val(tv.Value)
	return uint64(v), nil
}

// get is value for what has to be there.
func (c *constants) get(t testing.TB, expr string) uint64 {
	t.Helper()
	v, err := c.value(expr)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// calls returns the name of each system call by its number.
func (c *constants) calls() map[uint32]string {
	names := map[uint32]string{}
	for _, name := range c.unix.Scope().Names() {
		short, ok := strings.CutPrefix(name, "SYS_")
		if k, isConst := c.unix.Scope().Lookup(name).(*types.Const); ok && isConst {
			number, _ := constant.Uint64Val(k.Val())
			names[uint32(number)] = strings.ToLower(short)
		}
	}
	return names
}
