package main

import (
	"fmt"
	"strings"
)

// usual is the policy of an agent: what its routers take, and more.
func usual() string {
	var b strings.Builder
	b.WriteString("set @tenant = 10.0.0.0/8,fd00::/8\n")
	for _, op := range []string{"route.add", "route.append", "route.delete", "neigh.add", "neigh.replace", "neigh.delete"} {
		attrs := "netns=qrouter-*,snat-* dst=@tenant dev=-,qr-*,qg-*"
		if strings.HasPrefix(op, "neigh") {
			attrs = "netns=qrouter-*,snat-* dst=@tenant dev=qr-*,qg-*"
		}
		fmt.Fprintf(&b, "grant group:service %s %s\n", op, attrs)
	}
	for i := range 24 {
		fmt.Fprintf(&b, "grant group:service addr.add,addr.delete netns=qdhcp-%d-* dev=tap* address=@tenant\n", i)
		fmt.Fprintf(&b, "grant uid:%d link.list netns=.\n", 70000+i)
	}
	b.WriteString("grant group:service route.add,route.replace netns=qrouter-* dst=@tenant dev=qr-* table=main\n")
	b.WriteString("grant group:service route.list netns=qrouter-* table=main family=inet\n")
	return b.String()
}

// grants is a policy of n grants of one operation, of which the last applies.
func grants(n int) func() string {
	return func() string {
		var b strings.Builder
		for i := range n - 1 {
			fmt.Fprintf(&b, "grant group:service route.replace netns=other%d-* dst=10.0.0.0/8 dev=qr-* table=main\n", i)
		}
		b.WriteString("grant group:service route.replace netns=qrouter-* dst=10.0.0.0/8 dev=qr-* table=main\n")
		return b.String()
	}
}
