package client

import (
	"context"
	"errors"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"nethelper/pkg/protocol"
)

// DefaultPath is where the helper is installed.
const DefaultPath = "/usr/local/libexec/nethelper"

// Config says which helper to start and how. The zero value is the installed
// helper.
type Config struct {
	// Path is the helper's program. It is [DefaultPath] if empty.
	Path string
	// Args are passed to a helper that gains no privilege when it is started,
	// such as --policy FILE; any other helper refuses them.
	Args []string
	// Stderr gets what the helper writes to its standard error, which is
	// discarded if nil. Its last line is in [HelperError] anyhow. Writes do not
	// overlap.
	Stderr io.Writer
	// Trace, if not nil, is called with each message. Calls do not overlap.
	Trace func(d Direction, message []byte)
}

// A Direction tells which way a message goes.
type Direction string

const (
	// Sent is to the helper.
	Sent Direction = "->"
	// Received is from the helper.
	Received Direction = "<-"
)

// limits are those of a session. Tests make them smaller.
type limits struct {
	hello     time.Duration // for the helper to say hello
	exit      time.Duration // for the helper to end once its pipes are closed
	stall     time.Duration // for others to wait for the consumer of a list
	window    int           // bytes of a list that are read before they are asked for
	readAhead int           // the same where another call waits behind the list
}

var usualLimits = limits{
	hello:     10 * time.Second,
	exit:      5 * time.Second,
	stall:     10 * time.Second,
	window:    4 * protocol.MaxReply,
	readAhead: 64 << 20,
}

// ErrClosed is the error of calls on a client that was closed.
var ErrClosed = errors.New("the client is closed")

// A Client starts and calls a helper. It is safe for concurrent use.
type Client struct {
	config Config
	limits limits
	id     atomic.Uint64 // of the last request

	mu      sync.Mutex
	current *session
	closed  bool
}

// New returns a client. It starts no helper yet.
func New(config Config) *Client {
	if config.Path == "" {
		config.Path = DefaultPath
	}
	if config.Stderr != nil {
		config.Stderr = &serialWriter{w: config.Stderr}
	}
	if trace := config.Trace; trace != nil {
		var mu sync.Mutex
		config.Trace = func(d Direction, message []byte) {
			mu.Lock()
			defer mu.Unlock()
			trace(d, message)
		}
	}
	return &Client{config: config, limits: usualLimits}
}

// Hello returns what the helper says of itself, and starts it if need be.
func (c *Client) Hello(ctx context.Context) (protocol.Hello, error) {
	s, err := c.session(ctx)
	if err != nil {
		return protocol.Hello{}, err
	}
	return s.hello, nil
}

// session returns a helper that said hello. Concurrent callers share one start.
func (c *Client) session(ctx context.Context) (*session, error) {
	s, err := c.start()
	if err != nil {
		return nil, err
	}
	select {
	case <-s.ready:
		return s, s.startErr
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (c *Client) start() (*session, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil, ErrClosed
	}
	if c.current == nil || c.current.ended() {
		s, err := startSession(&c.config, c.limits)
		if err != nil {
			return nil, err
		}
		c.current = s
	}
	return c.current, nil
}

// again reports whether a request that ended in err is to be made again, by another
// helper: this one did certainly not carry it out.
func (c *Client) again(s *session, err error) bool {
	if unsent(err) {
		return true
	}
	if !outdated(err) {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current == s {
		c.current = nil
		go s.close() // what it has read it answers; how it ends is nobody's business
	}
	return true
}

// Close ends the helper and waits for it, for some seconds. The helper answers
// what it has read before it ends; calls that get no answer fail. A helper that
// runs with another uid cannot be killed, so the end of its input is what ends
// it; Close returns an error if it does not.
func (c *Client) Close() error {
	c.mu.Lock()
	s := c.current
	c.current, c.closed = nil, true
	c.mu.Unlock()
	if s == nil {
		return nil
	}
	return s.close()
}
