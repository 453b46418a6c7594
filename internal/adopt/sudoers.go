package adopt

import (
	"path"
	"strings"
)

// readSudoers reads USER HOST=(RUNAS) TAG: COMMAND, COMMAND... as far as it is about
// ip.
func readSudoers(line string, to *Adoption) {
	who, spec, ok := strings.Cut(line, " ")
	if !ok || strings.HasPrefix(line, "Defaults") || strings.Contains(who, "_Alias") || strings.HasPrefix(line, "@") {
		to.Really, to.Lacking = "nothing by itself", "aliases, defaults and includes are not followed: write them out"
		return
	}
	_, list, ok := strings.Cut(spec, "=")
	if !ok {
		to.Really, to.Lacking = "nothing: it is no rule", "the line cannot be read"
		return
	}
	principal := "user:" + who
	if group, isGroup := strings.CutPrefix(who, "%"); isGroup {
		principal = "group:" + group
	}
	var really []string
	for _, c := range strings.Split(list, ",") {
		words := strings.Fields(c)
		for len(words) > 0 && (strings.HasPrefix(words[0], "(") || strings.HasSuffix(words[0], ")") || strings.HasSuffix(words[0], ":")) {
			words = words[1:]
		}
		if len(words) == 0 {
			continue
		}
		really = append(really, to.sudoCommand(principal, words))
	}
	to.Really = strings.Join(really, "; ")
}

// sudoCommand proposes a grant for one command, and says what it permitted.
func (a *Adoption) sudoCommand(principal string, words []string) string {
	program, args := path.Base(words[0]), words[1:]
	switch {
	case words[0] == "ALL":
		a.Lacking = "nethelper runs no programs"
		return "everything"
	case program != "ip":
		a.Lacking = "nethelper runs no programs: " + program
		return program + " as root"
	case len(args) == 0 || args[0] == "*":
		a.observe()
		return "ip with any arguments: everything about the network and, by `ip netns exec` or -batch, more"
	}
	a.command(principal, args)
	for _, w := range args {
		if strings.Contains(w, "*") {
			return "ip " + strings.Join(args, " ") + ", where a star matches any number of words, of which some may be options"
		}
	}
	return "ip " + strings.Join(args, " ") + " and nothing else"
}
