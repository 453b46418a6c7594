package main

import (
	"runtime/debug"

	"nethelper/internal/channel"
	"nethelper/internal/serve"
	"nethelper/pkg/protocol"
)

// greet tells the caller what it speaks with.
func greet(c *channel.Channel, p *serve.Policy) error {
	sum := p.Digest()
	return hello(c, protocol.Hello{
		Profile: p.Need().Profile(),
		Policy:  sum[:],
		Limits:  &protocol.Limits{Request: protocol.MaxRequest, Reply: protocol.MaxReply},
	})
}

// refuse tells the caller why the helper cannot serve.
func refuse(c *channel.Channel, why error) error {
	return hello(c, protocol.Hello{Error: &protocol.Error{Code: protocol.Unavailable, Message: why.Error()}})
}

func hello(c *channel.Channel, h protocol.Hello) error {
	h.Version, h.Build = protocol.Version, build()
	message, err := protocol.Marshal(h)
	if err != nil {
		return err
	}
	return c.Write(protocol.FrameFrom(message, 0))
}

// version is set when a release is linked.
var version string

// build returns the version, or the revision of the sources.
func build() string {
	if version != "" {
		return version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value
		}
	}
	return info.Main.Version
}
