package ops

import "nethelper/pkg/attr"

// dummyKind makes links that drop what is sent through them.
var dummyKind = linkKind{kind: attr.Dummy}

// ifbKind makes links that packets are redirected to, to be shaped.
var ifbKind = linkKind{kind: attr.IFB}
