package nethelper

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// deps says what each package may import beyond the standard library. It is a
// statement of policy: change the design before you change this table.
var deps = map[string][]string{
	"pkg/attr":           {},
	"pkg/protocol":       {"cbor"},
	"internal/landlock":  {"landlock", "landlock/syscall", "unix"},
	"internal/sandbox":   {},
	"internal/slots":     {"internal/trust", "unix"},
	"internal/quota":     {"internal/trust", "unix"},
	"internal/trust":     {"unix"},
	"internal/kernel":    {"pkg/attr", "internal/trust", "netlink", "rtnetlink", "unix"},
	"internal/privilege": {"unix"},
	"internal/seccomp":   {"unix"},
	"internal/audit":     {"unix"},
	"internal/poll":      {"unix"},
	"internal/channel":   {"internal/poll", "pkg/protocol", "unix"},
	"policy":             {"pkg/attr", "internal/trust"},
	"internal/review":    {"pkg/attr", "policy"},
	"pkg/ops":            {"pkg/attr", "pkg/protocol", "internal/kernel", "netlink", "rtnetlink", "unix"},
	"pkg/client":         {"internal/poll", "pkg/ops", "pkg/protocol", "unix"},
	"bench":              {"bench/stage", "bench/stats", "netlink", "pkg/attr", "pkg/client", "pkg/ops", "pkg/protocol", "policy", "unix"},
	"bench/stage":        {"unix"},
	"bench/stats":        {},
	"internal/adopt":     {},
	"internal/need":      {"internal/privilege", "pkg/attr", "pkg/ops", "policy"},
	"cmd/client":         {"internal/adopt", "internal/audit", "internal/need", "internal/privilege", "internal/review", "internal/trust", "pkg/attr", "pkg/client", "pkg/ops", "pkg/protocol", "policy", "unix"},
	"internal/serve": {
		"internal/audit", "internal/channel", "internal/kernel", "internal/need", "internal/privilege", "internal/quota", "internal/trust",
		"pkg/attr", "pkg/ops", "pkg/protocol", "policy", "unix",
	},
	"cmd/nethelper": {
		"internal/audit", "internal/channel", "internal/kernel", "internal/landlock", "internal/privilege", "internal/quota", "internal/seccomp", "internal/serve", "internal/slots", "internal/trust",
		"pkg/protocol", "policy", "unix",
	},
}

// short names what comes from elsewhere.
var short = map[string]string{
	"github.com/fxamacker/cbor/v2":                         "cbor",
	"github.com/landlock-lsm/go-landlock/landlock":         "landlock",
	"github.com/landlock-lsm/go-landlock/landlock/syscall": "landlock/syscall",
	"github.com/mdlayher/netlink":                          "netlink",
	"github.com/jsimonetti/rtnetlink/v2":                   "rtnetlink",
	"golang.org/x/sys/unix":                                "unix",
}

func TestImports(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`, "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		imports := strings.Fields(line)
		pkg := strings.TrimPrefix(imports[0], "nethelper/")
		allowed, listed := deps[pkg]
		if !listed && pkg != "nethelper" && pkg != "test" {
			t.Errorf("%s is not on the table", pkg)
		}
		for _, path := range imports[1:] {
			name, ours := strings.CutPrefix(path, "nethelper/")
			if s, ok := short[path]; ok {
				name = s
			} else if !ours && !strings.Contains(strings.Split(path, "/")[0], ".") {
				continue
			}
			if !slices.Contains(allowed, name) {
				t.Errorf("%s imports %s", pkg, name)
			}
		}
	}
}
