package ops

import (
	"reflect"
	"slices"
	"strings"
	"sync"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"
)

// counted ties an operation that adds an object to the objects that there are where
// a request adds one. Besides, which may be nil, returns those that the request makes
// there beside the one it is for. Given are the attributes that an object has only if a
// request gave them.
func counted[P, S, R any](o Operation[P, S], each func(*kernel.Task, *P, func(*R) error) error, besides func(*kernel.Task, *P) ([]*R, error), given ...string) Operation[P, S] {
	traits := sync.OnceValue(func() []trait { return traitsOf[R](o.Attrs(), given) })
	o.count = func(t *kernel.Task, params any, describes func(attr.Object) bool) (there, more uint32, err error) {
		p := params.(*P)
		err = each(t, p, func(r *R) error {
			if describes(objectOf(traits(), r)) {
				there++
			}
			return nil
		})
		more = 1
		if err != nil || besides == nil {
			return there, more, err
		}
		others, err := besides(t, p)
		for _, other := range others {
			if describes(objectOf(traits(), other)) {
				more++
			}
		}
		return there, more, err
	}
	return o
}

// listed gives each element of the part of a list that where selects.
func listed[P, L, R any](list Listing[L, R], where func(*P) L) func(*kernel.Task, *P, func(*R) error) error {
	return func(t *kernel.Task, p *P, each func(*R) error) error {
		part := where(p)
		_, err := list.run(t, &part, func(element any) error { return each(element.(*R)) })
		return err
	}
}

// Counted reports whether the operation adds objects that can be counted.
func (op *Op) Counted() bool { return op.count != nil }

// Count counts the objects that there are in the place where the call adds one, of
// those that describes is true of, and how many of them the call would add. The
// error is a [protocol.Error].
func (c *Call) Count(t *kernel.Task, describes func(attr.Object) bool) (there, more uint32, err error) {
	there, more, err = c.Op.count(t, c.params, describes)
	if err != nil {
		return 0, 0, errorOf(err)
	}
	return there, more, nil
}

// A trait is a field of a result that shows an attribute.
type trait struct {
	name  string
	given bool
	path  []int
}

// traitsOf finds the fields of R that have the name and the type of an attribute.
func traitsOf[R any](attrs []*attr.Field, given []string) (traits []trait) {
	for _, f := range reflect.VisibleFields(reflect.TypeFor[R]()) {
		name, _, _ := strings.Cut(f.Tag.Get("cbor"), ",")
		of := f.Type
		if of.Kind() == reflect.Pointer {
			of = of.Elem()
		}
		value, ok := reflect.Zero(of).Interface().(attr.Value)
		if ok && slices.ContainsFunc(attrs, func(a *attr.Field) bool { return a.Name == name && a.Type == value.Type() }) {
			traits = append(traits, trait{name, slices.Contains(given, name), f.Index})
		}
	}
	return traits
}

// objectOf shows the traits of an element, a pointer to a result.
func objectOf(traits []trait, element any) attr.Object {
	v := reflect.ValueOf(element).Elem()
	return func(name string) (attr.Trait, bool) {
		i := slices.IndexFunc(traits, func(t trait) bool { return t.name == name })
		if i < 0 {
			return attr.Trait{}, false
		}
		shown := attr.Trait{Given: traits[i].given}
		f := v.FieldByIndex(traits[i].path)
		if f.Kind() != reflect.Pointer {
			shown.Value = f.Interface().(attr.Value)
		} else if !f.IsNil() {
			shown.Value = f.Elem().Interface().(attr.Value)
		}
		return shown, true
	}
}
