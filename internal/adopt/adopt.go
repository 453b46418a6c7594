// Package adopt reads what other programs were configured with to let a service
// change the network as root, says what each line really permitted, and proposes
// grants in its place. It executes nothing and opens no file that it is not given.
package adopt

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// A Format is the configuration of a program.
type Format struct {
	Name string
	// About says in a phrase what it is.
	About string
	read  func(line string, to *Adoption)
}

// Formats are those that can be read.
var Formats = []Format{
	{"rootwrap", "filters of oslo.rootwrap (rootwrap.d/*.filters)", readRootwrap},
	{"sudoers", "lines of sudoers(5) for ip", readSudoers},
	{"lxc-usernet", "lxc-usernet(5): USER TYPE BRIDGE COUNT", readUsernet},
	{"bridge.conf", "qemu-bridge-helper: allow, deny and include", readBridgeConf},
}

// An Adoption is what became of one line.
type Adoption struct {
	Line int    `json:"line"`
	Text string `json:"text"`
	// Really is what the line permitted.
	Really string `json:"really"`
	// Grants are proposed in its place. There may be none.
	Grants []string `json:"grants"`
	// Lacking is what the grants do not say, or why there are none.
	Lacking string `json:"lacking,omitempty"`
}

func (a *Adoption) grant(format string, args ...any) {
	a.Grants = append(a.Grants, oneLine("grant "+fmt.Sprintf(format, args...)))
}

// lineMax bounds a line.
const lineMax = 64 << 10

// Read reads a configuration. Of every line that says something it is said what
// became of it; continued lines are one.
func (f Format) Read(r io.Reader) ([]Adoption, error) {
	var all []Adoption
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, lineMax)
	n, held := 0, ""
	for lines.Scan() {
		n++
		text := held + strings.TrimSpace(lines.Text())
		if rest, continued := strings.CutSuffix(text, `\`); continued {
			held = rest
			continue
		}
		held = ""
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		a := Adoption{Line: n, Text: text}
		f.read(text, &a)
		if a.Really != "" {
			all = append(all, a)
		}
	}
	return all, lines.Err()
}

// Policy writes the proposal: each line in a comment, with what it permitted, and
// the grants in its place.
func Policy(all []Adoption) string {
	var b strings.Builder
	for _, a := range all {
		fmt.Fprintf(&b, "# line %d: %s\n#   really: %s\n", a.Line, oneLine(a.Text), a.Really)
		if a.Lacking != "" {
			fmt.Fprintf(&b, "#   but: %s\n", a.Lacking)
		}
		for _, g := range a.Grants {
			b.WriteString(g + "\n")
		}
		b.WriteString("\n")
	}
	return b.String()
}

// oneLine leaves of a text what can be seen.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r > 0x7e {
			return '?'
		}
		return r
	}, text)
}
