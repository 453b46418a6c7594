package ops

// All is the table of contents: the helper does nothing that is not on it.
var All = table(
	AddrAdd,
)
