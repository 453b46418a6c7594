package adopt

import (
	"path"
	"strings"
)

// readRootwrap reads NAME: FILTER, ARGUMENT, ... of a section [Filters].
func readRootwrap(line string, to *Adoption) {
	if strings.HasPrefix(line, "[") {
		return
	}
	_, value, ok := strings.Cut(line, ":")
	if at := strings.IndexByte(line, '='); !ok || at >= 0 && at < strings.IndexByte(line, ':') {
		_, value, ok = strings.Cut(line, "=")
	}
	if !ok {
		to.Really, to.Lacking = "nothing: it is no filter", "the line cannot be read"
		return
	}
	var words []string
	for _, w := range strings.Split(value, ",") {
		words = append(words, strings.TrimSpace(w))
	}
	program := ""
	if len(words) > 1 {
		program = path.Base(words[1])
	}
	switch filter := words[0]; {
	case filter == "CommandFilter" && program == "ip":
		to.Really = "ip with any arguments: everything about the network and, by `ip netns exec`, any program as root"
		to.observe()
	case filter == "CommandFilter":
		to.Really = program + " as root, with any arguments"
		to.Lacking = "nethelper runs no programs"
	case filter == "IpFilter":
		to.Really = "ip with any arguments but `netns exec`: every link, address, route and rule in every namespace, and files by -batch"
		to.observe()
	case filter == "IpNetnsExecFilter":
		to.Really = "any program that another filter names, as root, in any network namespace"
		to.Lacking = "nethelper runs no programs: give the operations their netns"
	case filter == "RegExpFilter" && program == "ip":
		to.Really = "ip with arguments that match an expression each, of which all alternatives but the last are open at the end"
		to.expressions(words[min(3, len(words)):])
	case filter == "RegExpFilter":
		to.Really = program + " as root, with arguments that match an expression each, of which all alternatives but the last are open at the end"
		to.Lacking = "nethelper runs no programs"
	default:
		to.Really = "what " + filter + " lets through, as root"
		to.Lacking = "it is not about links, addresses, routes, rules or neighbours, or it cannot be told"
	}
}

// observe proposes to find out.
func (a *Adoption) observe() {
	a.Lacking = "nobody can tell from the line what the service needs: let it run once with `permissive user:SERVICE`, " +
		"and take what `nethelperctl policy suggest` makes of the records"
}

// expressions proposes the operation that the first arguments spell.
func (a *Adoption) expressions(arguments []string) {
	var words []string
	for _, w := range arguments {
		if strings.Trim(w, "abcdefghijklmnopqrstuvwxyz") != "" {
			w = "*"
		}
		words = append(words, w)
	}
	if len(words) > 0 && words[0] == "ip" {
		words = words[1:]
	}
	a.command("user:SERVICE", words)
}
