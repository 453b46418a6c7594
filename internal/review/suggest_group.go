package review

import (
	"fmt"
	"slices"
	"strings"

	"nethelper/policy"
)

// suggestGroups writes, in comments, what grants for a group could stand for those
// that several callers need, of whom all are in it.
func suggestGroups(principals []policy.Who, of map[policy.Who][]Asked, grants map[policy.Who][]*draft) string {
	var b strings.Builder
	for _, g := range sharedGroups(principals, of) {
		var words []string
		asked := make(map[string]int)
		for _, who := range g.members {
			for _, d := range grants[who] {
				words = append(words, d.String())
				asked[d.String()]++
			}
		}
		words = slices.DeleteFunc(words, func(w string) bool { return asked[w] < 2 })
		slices.Sort(words)
		words = slices.Compact(words)
		if len(words) == 0 {
			continue
		}
		names := make([]string, len(g.members))
		for i, who := range g.members {
			names[i] = who.String()
		}
		fmt.Fprintf(&b, "# In gid:%d are %s. If the group is meant, whoever is in it:\n", g.gid, strings.Join(names, ", "))
		for _, w := range words {
			fmt.Fprintf(&b, "#   perhaps grant gid:%d %s\n", g.gid, w)
		}
	}
	return b.String()
}

// A sharedGroup is a group with several callers in it.
type sharedGroup struct {
	gid     uint32
	members []policy.Who
}

// sharedGroups returns the groups that several callers were in with all that they
// asked for.
func sharedGroups(principals []policy.Who, of map[policy.Who][]Asked) (shared []sharedGroup) {
	for _, who := range principals {
		for _, gid := range of[who][0].GIDs {
			if !slices.ContainsFunc(of[who], func(a Asked) bool { return !slices.Contains(a.GIDs, gid) }) {
				i := slices.IndexFunc(shared, func(g sharedGroup) bool { return g.gid == gid })
				if i < 0 {
					i = len(shared)
					shared = append(shared, sharedGroup{gid: gid})
				}
				if !slices.Contains(shared[i].members, who) {
					shared[i].members = append(shared[i].members, who)
				}
			}
		}
	}
	return slices.DeleteFunc(shared, func(g sharedGroup) bool { return len(g.members) < 2 })
}
