package catalog

import (
	"strings"

	"tfdrift/internal/identity"
	"tfdrift/internal/tree"
)

// A security group's rules come in two grains. State bundles: one element may
// hold several CIDR blocks, groups and prefix lists of one port range. EC2
// grants and revokes each source by itself. So elements are compared by the
// single permissions that they stand for.

// grant is one source of one port range: what EC2 itself keeps.
type grant struct{ protocol, from, to, source string }

// grants takes an element of ingress or egress apart.
func grants(element any) []grant {
	m, ok := element.(map[string]any)
	if !ok {
		return nil
	}
	p := grant{
		protocol: Protocol(tree.GetString(m, "protocol")),
		from:     tree.GetString(m, "from_port"),
		to:       tree.GetString(m, "to_port"),
	}
	if p.protocol == "-1" { // all traffic: ports say nothing
		p.from, p.to = "", ""
	}
	var all []grant
	for _, list := range [...]string{"cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "security_groups"} {
		for _, v := range tree.Get(m, list) {
			for _, e := range flatten(v) {
				one := p
				one.source, _ = tree.Text(e)
				if net, ok := identity.Network(one.source); ok {
					one.source = net.String()
				}
				all = append(all, one)
			}
		}
	}
	if self, _ := m["self"].(bool); self {
		one := p
		one.source = "self"
		all = append(all, one)
	}
	return all
}

func flatten(v any) []any {
	if list, ok := v.([]any); ok {
		return list
	}
	return []any{v}
}

// Covers reports whether every permission of the rule v is granted by some of
// the rules given, all in the form of a security group's ingress.
func Covers(elements []any, v any) bool {
	wanted := grants(v)
	granted := map[grant]bool{}
	for _, e := range elements {
		for _, p := range grants(e) {
			granted[p] = true
		}
	}
	for _, p := range wanted {
		if !granted[p] {
			return false
		}
	}
	return len(wanted) > 0
}

// Protocol is the one spelling of an IP protocol: by name where EC2 has one,
// "-1" for all (EC2 API Reference, IpPermission).
func Protocol(s string) string {
	switch s = strings.ToLower(s); s {
	case "6":
		return "tcp"
	case "17":
		return "udp"
	case "1":
		return "icmp"
	case "58":
		return "icmpv6"
	case "all", "-1", "":
		return "-1"
	}
	return s
}
