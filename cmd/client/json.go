package main

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"reflect"
	"strconv"

	"nethelper/pkg/attr"
)

// writeJSON writes a result as one object on a line.
func writeJSON(w io.Writer, result any) error {
	b, err := appendJSON(nil, reflect.ValueOf(result))
	if err != nil {
		return err
	}
	_, err = w.Write(append(b, '\n'))
	return err
}

// writeJSONList writes a list as an array, an element a line, as it comes. A list
// that ends in an error lacks the closing bracket, so that a part of a list is
// never taken for the whole.
func writeJSONList(w io.Writer, list iter.Seq2[any, error]) error {
	before, after := "[", "[]\n"
	for element, err := range list {
		if err != nil {
			return err
		}
		b, err := appendJSON([]byte(before), reflect.ValueOf(element))
		if err != nil {
			return err
		}
		if _, err := w.Write(b); err != nil {
			return err
		}
		before, after = ",\n", "]\n"
	}
	_, err := io.WriteString(w, after)
	return err
}

// appendJSON appends a result or a part of one: numbers as numbers, flags as
// booleans, and whatever has words or a form of its own as its canonical text.
func appendJSON(b []byte, v reflect.Value) ([]byte, error) {
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		if v.IsNil() {
			return append(b, "null"...), nil
		}
		v = v.Elem()
	}
	switch value := v.Interface().(type) {
	case attr.Flag:
		return strconv.AppendBool(b, bool(value)), nil
	case attr.Text:
		return appendString(b, string(value)), nil
	case attr.Value:
		if isNumber(value) {
			return append(b, value.String()...), nil
		}
		return appendString(b, value.String()), nil
	case []byte:
		return appendString(b, hex.EncodeToString(value)), nil
	}
	switch v.Kind() {
	case reflect.Bool:
		return strconv.AppendBool(b, v.Bool()), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.AppendInt(b, v.Int(), 10), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return strconv.AppendUint(b, v.Uint(), 10), nil
	case reflect.String:
		return appendString(b, v.String()), nil
	case reflect.Slice:
		return appendArray(b, v)
	case reflect.Struct:
		return appendObject(b, v)
	}
	return nil, fmt.Errorf("%s has no form in JSON", v.Type())
}

// isNumber reports whether the values of v's type are written as decimal numbers
// and nothing else.
func isNumber(v attr.Value) bool {
	r := reflect.ValueOf(v)
	return r.CanUint() && len(v.Type().Words) == 0 && v.String() == strconv.FormatUint(r.Uint(), 10)
}

func appendArray(b []byte, v reflect.Value) (_ []byte, err error) {
	b = append(b, '[')
	for i := range v.Len() {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = appendJSON(b, v.Index(i)); err != nil {
			return nil, err
		}
	}
	return append(b, ']'), nil
}

func appendObject(b []byte, v reflect.Value) (_ []byte, err error) {
	b = append(b, '{')
	first := true
	for name, field := range fieldsOf(v) {
		if !first {
			b = append(b, ',')
		}
		first = false
		b = append(appendString(b, name), ':')
		if b, err = appendJSON(b, field); err != nil {
			return nil, err
		}
	}
	return append(b, '}'), nil
}

func appendString(b []byte, s string) []byte {
	var w bytes.Buffer
	e := json.NewEncoder(&w)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		panic(err) // every string has a form
	}
	return append(b, bytes.TrimSuffix(w.Bytes(), []byte("\n"))...)
}
