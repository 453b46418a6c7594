package protocol

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/fxamacker/cbor/v2"
)

// maxNested bounds how deep a message nests: envelope, params, a group, a list.
const maxNested = 8

var encoding = func() cbor.EncMode {
	options := cbor.CoreDetEncOptions()
	options.TagsMd = cbor.TagsForbidden
	mode, err := options.EncMode()
	if err != nil {
		panic(err)
	}
	return mode
}()

var decoding = func() cbor.DecMode {
	mode, err := cbor.DecOptions{
		DupMapKey:         cbor.DupMapKeyEnforcedAPF,
		MaxNestedLevels:   maxNested,
		MaxArrayElements:  1 << 16,
		MaxMapPairs:       256,
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
}()

// ErrNotDeterministic is returned for a data item that has another, accepted
// encoding: RFC 8949, section 4.2.1.
var ErrNotDeterministic = errors.New("not in deterministic encoding")

// Marshal returns the one encoding of v.
func Marshal(v any) ([]byte, error) { return encoding.Marshal(v) }

// Unmarshal decodes data into v, a pointer, and refuses every encoding but that
// which Marshal gives: unknown, missing, null, duplicate or unordered keys, long
// forms, indefinite lengths, tags and trailing bytes.
func Unmarshal(data []byte, v any) error {
	if err := decoding.Unmarshal(data, v); err != nil {
		return plain(err)
	}
	again, err := encoding.Marshal(v)
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

// DecodeRequest decodes a request. Its params are a map whose keys are for the
// operation to judge.
func DecodeRequest(message []byte) (*Request, error) {
	r := new(Request)
	if err := Unmarshal(message, r); err != nil {
		return nil, err
	}
	if r.ID == 0 {
		return nil, errors.New("id 0 is no request's")
	}
	const mapType = 5
	if r.Params[0]>>5 != mapType {
		return nil, errors.New("params are no map")
	}
	return r, nil
}
