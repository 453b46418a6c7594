package main

import (
	"encoding/hex"
	"fmt"
	"reflect"
	"strings"
	"unicode"
	"unicode/utf8"

	"nethelper/pkg/attr"
)

// absent stands where an object has no such value.
const absent = "-"

// cellNamed returns the text of the field of an object that is called name.
func cellNamed(object any, name string) string {
	field, ok := fieldNamed(reflect.ValueOf(object), name)
	if !ok {
		return absent
	}
	return cell(field)
}

// cell returns the text of one value, in the one spelling where it is an
// attribute.
func cell(v reflect.Value) string {
	v = reflect.Indirect(v)
	switch value := v.Interface().(type) {
	case attr.Value:
		return orAbsent(value.String())
	case []byte:
		return orAbsent(hex.EncodeToString(value))
	}
	switch v.Kind() {
	case reflect.Bool:
		return attr.Flag(v.Bool()).String()
	case reflect.Slice:
		texts := make([]string, v.Len())
		for i := range texts {
			texts[i] = cell(v.Index(i))
		}
		return orAbsent(strings.Join(texts, ","))
	case reflect.Struct:
		return orAbsent(group(v))
	}
	return orAbsent(fmt.Sprint(v.Interface()))
}

// group returns the attributes of a group in one word: via=10.0.0.1;dev=eth0.
func group(v reflect.Value) string {
	var texts []string
	for name, field := range fieldsOf(v) {
		if text := cell(field); text != absent {
			texts = append(texts, name+"="+text)
		}
	}
	return strings.Join(texts, ";")
}

func orAbsent(text string) string {
	if text == "" {
		return absent
	}
	return printable(text)
}

// printable writes what would disturb a terminal or a line as \xNN. Names that
// come from the kernel may hold any byte.
func printable(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && size == 1 || !unicode.IsPrint(r) {
			for _, c := range []byte(text[i : i+size]) {
				fmt.Fprintf(&b, `\x%02x`, c)
			}
		} else {
			b.WriteString(text[i : i+size])
		}
		i += size
	}
	return b.String()
}
