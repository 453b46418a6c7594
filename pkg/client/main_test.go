package client

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 3 && os.Args[1] == fakeWord {
		runFake(os.Args[2], os.Args[3:])
	}
	flag.Parse()
	dir, err := os.MkdirTemp("", "nethelper-client-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if err := buildHelper(dir); err != nil {
		skip("Example", err)
	}
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// examplePolicy is that of the helper in the example.
const examplePolicy = `
grant uid:0 link.add  name=br-tenant* kind=bridge if_present=ok
grant uid:0 addr.add  dev=br-tenant* address=10.42.0.0/16 if_present=ok
grant uid:0 addr.list dev=br-tenant*
`

// buildHelper builds the helper and sets ExampleConfig. Root of the namespace is
// root in it: an ordinary user needs a user namespace besides.
func buildHelper(dir string) error {
	helper, policy := filepath.Join(dir, "nethelper"), filepath.Join(dir, "policy")
	if err := os.WriteFile(policy, []byte(examplePolicy), 0o644); err != nil {
		return err
	}
	build := exec.Command("go", "build", "-o", helper, "nethelper/cmd/nethelper")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("the helper cannot be built: %w\n%s", err, out)
	}
	args := []string{"--net"}
	if os.Getuid() != 0 {
		args = append(args, "--user", "--map-root-user")
	}
	unshare, err := exec.LookPath("unshare")
	if err != nil {
		return err
	}
	if out, err := exec.Command(unshare, append(args, "true")...).CombinedOutput(); err != nil {
		return fmt.Errorf("no namespaces: %w\n%s", err, out)
	}
	ExampleConfig = Config{
		Path:   unshare,
		Args:   append(args, helper, "--policy", policy, "--audit", filepath.Join(dir, "audit")),
		Stderr: os.Stderr,
	}
	return nil
}

// skip leaves out the tests that match, and says so.
func skip(tests string, why error) {
	fmt.Fprintf(os.Stderr, "not run here: %s: %v\n", tests, why)
	if set := flag.Lookup("test.skip").Value.String(); set != "" {
		tests += "|" + set
	}
	if err := flag.Set("test.skip", tests); err != nil {
		panic(err)
	}
}
