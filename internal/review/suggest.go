package review

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"nethelper/pkg/attr"
	"nethelper/policy"
)

// An Asked is a request of which a policy is to be made.
type Asked struct {
	Who   policy.Who
	GIDs  []uint32 // the groups that the caller was in
	Op    string
	Attrs []attr.Binding
}

// Suggest writes a policy that allows what was asked for, and as good as nothing
// else. What could be meant more widely stands behind it in comments: whether it is,
// a person has to say.
func Suggest(asked []Asked, schema policy.Schema) string {
	var b strings.Builder
	var principals []policy.Who
	of := make(map[policy.Who][]Asked)
	for _, a := range asked {
		if of[a.Who] == nil {
			principals = append(principals, a.Who)
		}
		of[a.Who] = append(of[a.Who], a)
	}
	grants := make(map[policy.Who][]*draft)
	for _, who := range principals {
		grants[who] = drafts(of[who], schema)
		fmt.Fprintf(&b, "# What %s asked for.\n", who)
		for _, d := range grants[who] {
			fmt.Fprintf(&b, "grant %s %s\n", who, d)
			for _, wider := range d.wider() {
				fmt.Fprintf(&b, "#   perhaps %s\n", wider)
			}
		}
	}
	b.WriteString(suggestGroups(principals, of, grants))
	return b.String()
}

// A draft is a grant that is being made: for each attribute the values that were
// asked for.
type draft struct {
	ops    []string
	fields []*attr.Field
	values map[string][]attr.Value
}

// drafts puts together what differs in one attribute only, so that nothing comes to
// be allowed that was not asked for.
func drafts(asked []Asked, schema policy.Schema) []*draft {
	var all []*draft
	for _, a := range asked {
		d := &draft{ops: []string{a.Op}, fields: schema[a.Op].Attrs(), values: make(map[string][]attr.Value)}
		for _, b := range a.Attrs {
			if b.Value != nil && !slices.Contains(d.values[b.Field.Name], b.Value) {
				d.values[b.Field.Name] = append(d.values[b.Field.Name], b.Value)
			}
		}
		all = append(all, d)
	}
	for before := 0; before != len(all); {
		before = len(all)
		all = join(all, func(d *draft) string { return strings.Join(d.ops, ",") + " " + d.key("") }, func(*draft, *draft) {})
		names := make(map[string]bool)
		for _, d := range all {
			for name := range d.values {
				names[name] = true
			}
		}
		for _, name := range slices.Sorted(maps.Keys(names)) {
			all = join(all, func(d *draft) string {
				if d.values[name] == nil {
					return strings.Join(d.ops, ",") + " " + d.key("") // to be left out is no value
				}
				return strings.Join(d.ops, ",") + " " + name + " " + d.key(name)
			}, func(d, other *draft) { d.add(name, other.values[name]) })
		}
	}
	return join(all, func(d *draft) string { return d.key("") }, func(d, other *draft) {
		for _, op := range other.ops {
			if !slices.Contains(d.ops, op) {
				d.ops = append(d.ops, op)
			}
		}
	})
}

// join merges drafts of the same key.
func join(all []*draft, key func(*draft) string, merge func(d, other *draft)) []*draft {
	var joined []*draft
	first := make(map[string]*draft)
	for _, d := range all {
		k := key(d)
		if first[k] == nil {
			first[k] = d
			joined = append(joined, d)
			continue
		}
		merge(first[k], d)
	}
	return joined
}

func (d *draft) add(name string, values []attr.Value) {
	for _, v := range values {
		if !slices.Contains(d.values[name], v) {
			d.values[name] = append(d.values[name], v)
		}
	}
}

// key tells drafts apart by all attributes but one.
func (d *draft) key(but string) string {
	var words []string
	for name, values := range d.values {
		if name == but {
			continue
		}
		var texts []string
		for _, v := range values {
			texts = append(texts, exactly(v))
		}
		slices.Sort(texts)
		words = append(words, name+"="+strings.Join(texts, ","))
	}
	slices.Sort(words)
	return strings.Join(words, " ")
}

// String returns the operations and the constraints, in the order of the schema.
func (d *draft) String() string {
	words := []string{strings.Join(d.ops, ",")}
	for _, f := range d.fields {
		if values := d.values[f.Name]; values != nil {
			var texts []string
			for _, v := range values {
				texts = append(texts, exactly(v))
			}
			words = append(words, f.Name+"="+strings.Join(texts, ","))
		}
	}
	return strings.Join(words, " ")
}

// exactly is the pattern of a value that matches as little else as there is one for.
func exactly(v attr.Value) string {
	text := v.String()
	if p, ok := v.(interface{ Bits() int }); ok {
		bounded := fmt.Sprintf("%s{%d}", text, p.Bits())
		if pattern, err := v.Type().Pattern(bounded); err == nil && pattern.Match(v) {
			return bounded
		}
	}
	return text
}

// wider are patterns that several values suggest.
func (d *draft) wider() (found []string) {
	for _, f := range d.fields {
		values := d.values[f.Name]
		if len(values) < 2 {
			continue
		}
		if text := common(values); text != "" {
			if p, err := f.Type.Pattern(text); err == nil && !slices.ContainsFunc(values, func(v attr.Value) bool { return !p.Match(v) }) {
				found = append(found, f.Name+"="+text)
			}
		}
	}
	return found
}

// common is what the texts of values have at their beginning, and a star; of
// numbers the range from the first to the last, of addresses the prefix that holds
// them.
func common(values []attr.Value) string {
	if text := commonPrefix(values); text != "" {
		return text
	}
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = v.String()
	}
	head := texts[0]
	for _, t := range texts {
		for !strings.HasPrefix(t, head) {
			head = head[:len(head)-1]
		}
	}
	if head != "" {
		if _, err := values[0].Type().Pattern(head + "*"); err == nil {
			return head + "*"
		}
	}
	least, most := values[0], values[0]
	for _, v := range values {
		if _, err := v.Type().Pattern(v.String() + ".." + least.String()); err == nil {
			least = v
		}
		if _, err := v.Type().Pattern(most.String() + ".." + v.String()); err == nil {
			most = v
		}
	}
	return least.String() + ".." + most.String()
}
