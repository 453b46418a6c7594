package ops

import (
	"fmt"
	"strings"
	"sync"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"
	"nethelper/pkg/protocol"

	"golang.org/x/sys/unix"
)

// An Op is one operation: what it is called, what it takes, what it needs.
type Op struct {
	// Name is object.verb, as ip(8) spells them, with the verb spelled out.
	Name string
	// Summary says in a phrase what the operation does: lower case, no period.
	Summary string
	// Doc tells what the summary leaves out: defaults, errors that are answers,
	// what the kernel does beside it. The first source is named last, in
	// parentheses.
	Doc string
	// Caps are the capabilities that the operation needs in the helper's own
	// namespace. Entering another one needs SysAdmin besides.
	Caps []Cap
	// Outside says that the operation enters none of the namespaces that it names.
	Outside bool
	// Root says that the operation needs uid 0 besides: it changes files of root's.
	Root bool
	// List says that the result is a list, sent in pieces.
	List bool

	attrs     func() []*attr.Field
	result    func() []Column
	newParams func() any
	newResult func() any
	run       func(t *kernel.Task, params any, emit func(any) error) (any, error)
	// prepare is that of an operation that comes down to one message.
	prepare func(t *kernel.Task, params any) (*Change, error)
	// count is that of an operation that adds an object which can be counted.
	count func(t *kernel.Task, params any, describes func(attr.Object) bool) (there, more uint32, err error)
}

// An Operation is an operation with the types of its params P and its result R.
type Operation[P, R any] struct{ *Op }

// A Listing is an operation whose result is a list of R.
type Listing[P, R any] struct{ *Op }

func (o Operation[P, R]) op() *Op { return o.Op }
func (l Listing[P, R]) op() *Op   { return l.Op }

// table lists operations of all types.
func table(typed ...interface{ op() *Op }) []*Op {
	all := make([]*Op, len(typed))
	for i, o := range typed {
		all[i] = o.op()
	}
	return all
}

// define ties an operation to the function that performs it. The attributes are
// the fields of P, the result is an R.
func define[P, R any](op Op, run func(*kernel.Task, P) (R, error)) Operation[P, R] {
	describe[P, R](&op)
	op.run = func(t *kernel.Task, params any, _ func(any) error) (any, error) {
		result, err := run(t, *params.(*P))
		return &result, err
	}
	return Operation[P, R]{&op}
}

// defineList ties an operation whose result is a list of R to the function that
// emits the elements. An element is its own again when emit returns, for the next one.
func defineList[P, R any](op Op, run func(t *kernel.Task, p P, emit func(*R) error) error) Listing[P, R] {
	describe[P, R](&op)
	op.List = true
	op.run = func(t *kernel.Task, params any, emit func(any) error) (any, error) {
		return nil, run(t, *params.(*P), func(r *R) error { return emit(r) })
	}
	return Listing[P, R]{&op}
}

// describe ties an operation to its types. What follows from them is found out when
// it is asked for: a helper serves few operations.
func describe[P, R any](op *Op) {
	op.newParams, op.newResult = func() any { return new(P) }, func() any { return new(R) }
	op.attrs, op.result = sync.OnceValue(attr.FieldsOf[P]), sync.OnceValue(columnsOf[R])
}

// Attrs returns the attributes, derived from the params type. One that is tied to no
// type has none.
func (op *Op) Attrs() []*attr.Field {
	if op.attrs == nil {
		return nil
	}
	return op.attrs()
}

// Result describes the fields of the result, or of one element of the list.
func (op *Op) Result() []Column { return op.result() }

// NewParams returns a pointer to a params struct, for [attr.Set] and
// [protocol.Unmarshal].
func (op *Op) NewParams() any { return op.newParams() }

// NewResult returns a pointer to a result, or to an element of a list.
func (op *Op) NewResult() any { return op.newResult() }

// Object returns the object in the operation's name: link in link.add.
func (op *Op) Object() string {
	return op.Name[:strings.LastIndexByte(op.Name, '.')]
}

// A checker is a params type with rules beyond the types of its attributes.
type checker interface{ Check() error }

// Check says why params, from NewParams, do not fit the operation.
func (op *Op) Check(params any) error { return check(params, attr.Bind(op.Attrs(), params)) }

func check(params any, bound []attr.Binding) error {
	if err := attr.CheckBound(bound, params); err != nil {
		return err
	}
	if c, ok := params.(checker); ok {
		return c.Check()
	}
	return nil
}

// A Call is an operation bound to its params.
type Call struct {
	Op *Op
	// Attrs is what the params say: what is judged and recorded.
	Attrs  []attr.Binding
	params any
}

// Decode makes c a call of an operation with encoded params. What does not fit the
// operation is an error with code [protocol.Invalid]. The memory of the params and of
// the attributes that c had is used again.
func (c *Call) Decode(op *Op, data []byte) error {
	params := c.params
	if c.Op != op {
		params = op.newParams()
	}
	if err := protocol.Unmarshal(data, params); err != nil {
		return &protocol.Error{Code: protocol.Invalid, Message: err.Error()}
	}
	*c = Call{Op: op, Attrs: attr.AppendBindings(c.Attrs[:0], op.Attrs(), params), params: params}
	if err := check(params, c.Attrs); err != nil {
		return Invalid(err)
	}
	return nil
}

// Call binds params that have been checked.
func (op *Op) Call(params any) *Call {
	return &Call{Op: op, Attrs: attr.Bind(op.Attrs(), params), params: params}
}

// Run carries the call out. Elements of a list go to emit, which may not keep them;
// any other result is returned. The error is a [protocol.Error].
func (c *Call) Run(t *kernel.Task, emit func(any) error) (any, error) {
	if err := known(c.Attrs, t.Release()); err != nil {
		return nil, errorOf(err)
	}
	result, err := c.Op.run(t, c.params, emit)
	if err != nil {
		return nil, errorOf(err)
	}
	return result, nil
}

// known refuses attributes that a kernel of the release may not know: it would
// pass over them and carry out the rest, which is more than was asked.
func known(attrs []attr.Binding, running attr.Release) error {
	for _, a := range attrs {
		if a.Value != nil && running.Before(a.Field.Since) {
			return &kernel.Error{
				Errno: unix.EOPNOTSUPP, Attr: a.Name(),
				Message: fmt.Sprintf("it takes Linux %s, and this is %s", a.Field.Since, running),
			}
		}
	}
	return nil
}

// String returns the call in the one spelling: the name of the operation and
// the attributes that are there.
func (c *Call) String() string {
	const usual = 128 // most calls are shorter
	var b strings.Builder
	b.Grow(usual)
	b.WriteString(c.Op.Name)
	for i := range c.Attrs {
		if a := &c.Attrs[i]; a.Value != nil {
			b.WriteByte(' ')
			b.WriteString(a.Name())
			b.WriteByte('=')
			b.WriteString(a.Value.String())
		}
	}
	return b.String()
}

// Lookup returns the operation called name, or nil.
func Lookup(name string) *Op { return byName[name] }

var byName = func() map[string]*Op {
	m := make(map[string]*Op, len(All))
	for _, op := range All {
		if m[op.Name] != nil {
			panic(fmt.Sprintf("ops: %s is there twice", op.Name))
		}
		m[op.Name] = op
	}
	return m
}()
