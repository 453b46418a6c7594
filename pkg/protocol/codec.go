package protocol

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"

	"github.com/fxamacker/cbor/v2"
)

const (
	// maxNested bounds how deep a message nests: envelope, params, a group, a list.
	maxNested = 8
	// maxElements bounds the elements of an array.
	maxElements = 1 << 16
	// maxPairs bounds the pairs of a map.
	maxPairs = 256
)

var libraryEncoder = sync.OnceValue(func() cbor.EncMode {
	options := cbor.CoreDetEncOptions()
	options.TagsMd = cbor.TagsForbidden
	mode, err := options.EncMode()
	if err != nil {
		panic(err)
	}
	return mode
})

var libraryDecoder = sync.OnceValue(func() cbor.DecMode {
	mode, err := cbor.DecOptions{
		DupMapKey:         cbor.DupMapKeyEnforcedAPF,
		MaxNestedLevels:   maxNested,
		MaxArrayElements:  maxElements,
		MaxMapPairs:       maxPairs,
		IndefLength:       cbor.IndefLengthForbidden,
		TagsMd:            cbor.TagsForbidden,
		ExtraReturnErrors: cbor.ExtraDecErrorUnknownField,
		UTF8:              cbor.UTF8RejectInvalid,
		FieldNameMatching: cbor.FieldNameMatchingCaseSensitive,
	}.DecMode()
	if err != nil {
		panic(err)
	}
	return mode
})

// ErrNotDeterministic is returned for a data item that has another, accepted
// encoding: RFC 8949, section 4.2.1.
var ErrNotDeterministic = errors.New("not in deterministic encoding")

// Marshal returns the one encoding of v.
func Marshal(v any) ([]byte, error) { return Append(nil, v) }

// Append appends the one encoding of v to b. It allocates nothing but room in b
// where v is a pointer to a struct that there is a plan for, which is what all
// messages, params and results are.
func Append(b []byte, v any) ([]byte, error) {
	at := reflect.ValueOf(v)
	if at.Kind() == reflect.Pointer && !at.IsNil() {
		at = at.Elem()
	}
	if at.Kind() == reflect.Struct {
		if p := planOf(at.Type()); p != nil {
			if longer, ok := p.append(b, addressable(at)); ok {
				return longer, nil
			}
		}
	}
	encoded, err := libraryEncoder().Marshal(v)
	if err != nil {
		return nil, err
	}
	return append(b, encoded...), nil
}

// addressable returns v, or a copy if v has no address.
func addressable(v reflect.Value) reflect.Value {
	if v.CanAddr() {
		return v
	}
	copied := reflect.New(v.Type()).Elem()
	copied.Set(v)
	return copied
}

// Unmarshal decodes data into v, a pointer, and refuses every encoding but that
// which Marshal gives: unknown, missing, null, duplicate or unordered keys, long
// forms, indefinite lengths, tags and trailing bytes. What v held before is gone.
// What is [Raw] in v may be a part of data.
func Unmarshal(data []byte, v any) error {
	if at := reflect.ValueOf(v); at.Kind() == reflect.Pointer && !at.IsNil() && at.Elem().Kind() == reflect.Struct {
		if p := planOf(at.Type().Elem()); p != nil && p.decode(data, at.Elem()) {
			return nil
		}
		at.Elem().SetZero()
	}
	return unmarshal(data, v)
}

// unmarshal is Unmarshal by the library alone, which finds words for what it refuses.
func unmarshal(data []byte, v any) error {
	if err := libraryDecoder().Unmarshal(data, v); err != nil {
		return plain(err)
	}
	again, err := libraryEncoder().Marshal(v)
	if err != nil {
		return err
	}
	if !bytes.Equal(again, data) {
		return ErrNotDeterministic
	}
	return nil
}

// plain says what err means to somebody who does not know how the data is held
// here.
func plain(err error) error {
	var (
		wrongType *cbor.UnmarshalTypeError
		unknown   *cbor.UnknownFieldError
		twice     *cbor.DupMapKeyError
	)
	switch {
	case errors.As(err, &wrongType):
		if _, key, ok := cutLast(wrongType.StructFieldName, "."); ok {
			return fmt.Errorf("%q takes no %s, or not this one", key, wrongType.CBORType)
		}
		return fmt.Errorf("no %s belongs there, or not this one", wrongType.CBORType)
	case errors.As(err, &unknown):
		return errors.New("a key that is not known")
	case errors.As(err, &twice):
		return errors.New("a key that is there twice")
	}
	return errors.New(strings.TrimPrefix(err.Error(), "cbor: "))
}

// cutLast cuts s around the last sep.
func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// Diagnose returns data in diagnostic notation (RFC 8949, section 8).
func Diagnose(data []byte) string {
	text, err := cbor.Diagnose(data)
	if err != nil {
		return fmt.Sprintf("h'%x' / %v /", data, err)
	}
	return text
}

// Decode decodes a request. Its params are a map whose keys are for the operation to
// judge.
func (r *Request) Decode(message []byte) error {
	if err := Unmarshal(message, r); err != nil {
		return err
	}
	if r.ID == 0 {
		return errors.New("id 0 is no request's")
	}
	if r.Params[0]>>5 != majorMap {
		return errors.New("params are no map")
	}
	return nil
}
