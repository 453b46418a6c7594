package privilege

import (
	"strconv"
	"strings"
)

// text is h as NAME=VALUE, in one order, with spaces between. What was repaired comes
// last, since there are spaces in it.
func (h Handover) text() string {
	var b strings.Builder
	for _, field := range []struct {
		name  string
		value int64
	}{
		{"uid", int64(h.Caller.UID)}, {"gid", int64(h.Caller.GID)}, {"pid", int64(h.Caller.PID)},
		{"audit", int64(h.Audit)}, {"slot", int64(h.Slot)}, {"quota", int64(h.Quota)},
	} {
		b.WriteString(field.name + "=" + strconv.FormatInt(field.value, 10) + " ")
	}
	groups := make([]string, len(h.Caller.Groups))
	for i, gid := range h.Caller.Groups {
		groups[i] = strconv.FormatUint(uint64(gid), 10)
	}
	b.WriteString("policy=" + h.Policy + " groups=" + strings.Join(groups, ",") + " repaired=" + strings.Join(h.Repaired, ";"))
	return b.String()
}

// parseHandover reads what text has written.
func parseHandover(text string) (Handover, error) {
	r := handoverReader{rest: text, ok: true}
	h := Handover{
		Caller: Caller{UID: uint32(r.number("uid", 0)), GID: uint32(r.number("gid", 0)), PID: int(r.number("pid", 0))},
		Audit:  int(r.number("audit", 0)), Slot: int(r.number("slot", NoSlot)), Quota: int(r.number("quota", NoLock)),
		Policy: r.value("policy", " "),
	}
	for _, gid := range r.list("groups", " ", ",") {
		n, err := strconv.ParseUint(gid, 10, 32)
		r.ok = r.ok && err == nil
		h.Caller.Groups = append(h.Caller.Groups, uint32(n))
	}
	h.Repaired = r.list("repaired", "", ";")
	if !r.ok || h.text() != text {
		return Handover{}, errForeign
	}
	return h, nil
}

// A handoverReader reads one field after the other.
type handoverReader struct {
	rest string
	ok   bool // all were as they should be
}

// value reads the value of a field, which ends before the first end.
func (r *handoverReader) value(name, end string) string {
	rest, ok := strings.CutPrefix(r.rest, name+"=")
	r.ok = r.ok && ok
	if end == "" {
		r.rest = ""
		return rest
	}
	value, rest, ok := strings.Cut(rest, end)
	r.rest, r.ok = rest, r.ok && ok
	return value
}

// number reads a number that is no less than least. It is an id or a descriptor.
func (r *handoverReader) number(name string, least int64) int64 {
	n, err := strconv.ParseInt(r.value(name, " "), 10, 64)
	r.ok = r.ok && err == nil && least <= n && n <= 1<<32-1
	return n
}

// list reads what stands between separators.
func (r *handoverReader) list(name, end, separator string) []string {
	value := r.value(name, end)
	if value == "" {
		return nil
	}
	return strings.Split(value, separator)
}
